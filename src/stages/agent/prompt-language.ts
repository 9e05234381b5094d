import type { Prompt } from '../lanes/recipe.ts';

const SECTION = /\{\{([#^])\s*language\s*\}\}([\s\S]*?)\{\{\/\s*language\s*\}\}/g;
const NAME = /\{\{\{?\s*&?\s*language\s*\}?\}\}/g;
const OF_THE_QUESTION = 'the language of the question';

/**
 * The prompt with `{{language}}` and its sections filled in, once for all questions: what language is written in is a matter of the recipe.
 * @param language its name; `undefined` for that of each question.
 */
export function inLanguage({ system, user }: Prompt, language: string | undefined): Prompt {
  const filled = (template: string) =>
    template
      .replace(SECTION, (_, kind: string, text: string) =>
        (kind === '#') === (language !== undefined) ? text : '',
      )
      .replace(NAME, () => language ?? OF_THE_QUESTION);
  return { system: filled(system), user: filled(user) };
}

/** The same for a writer, who has to be told: where the prompt names no language, it is said at its end. */
export function writtenIn(prompt: Prompt, language: string | undefined): Prompt {
  const { system, user } = inLanguage(prompt, language);
  if (language === undefined || /\{\{[^}]*\blanguage\b/.test(prompt.system + prompt.user))
    return { system, user };
  return { system: `${system}\n\nWrite in ${language}, whatever language the question is in.`, user };
}

const TAG = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

/** What a language is called in a prompt: `de` is German. What is no tag is a name already. */
export function languageName(language: string): string {
  if (!TAG.test(language)) return language;
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
}

/** As a dataset card lists it: the code of two or three letters. */
export function languageCode(language: string): string | undefined {
  return TAG.test(language) ? language.split('-')[0] : undefined;
}
