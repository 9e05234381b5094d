import Mustache from 'mustache';
import { Failure } from '../streams/failure.ts';

/** What a template may name, and which of it it must use: leaving the question out would be a costly slip. */
export type TemplateRule = Readonly<{ allowed: readonly string[]; required: readonly string[] }>;

/** Tags that mark off what strangers wrote. A closing one is known with spaces in it as well: a model would take it. */
const DELIMITERS = /<(?=(?:\s*\/\s*)?(?:question|source|research|candidate|previous|reviewer)\b)/gi;

/**
 * Fills a Mustache template (`{{name}}`, `{{#name}}…{{/name}}` where there is one). Whatever is filled in cannot end
 * the tags that the prompt sets around it.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const quoted = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.replace(DELIMITERS, '‹')]),
  );
  return Mustache.render(template, quoted, {}, { escape: String }).trim();
}

/** The parts of a prompt, each under the name of the file it came from. */
export type PromptFiles = Readonly<Record<string, string>>;

/** Throws a Failure that names the file and what is wrong with it: a typing slip must not cost a run. */
export function checkTemplates(files: PromptFiles, { allowed, required }: TemplateRule): void {
  const list = (words: readonly string[]) => words.map((word) => `{{${word}}}`).join(', ');
  const used = new Set<string>();
  for (const [file, template] of Object.entries(files)) {
    const names = namesIn(file, template);
    const unknown = [...names].filter((name) => !allowed.includes(name));
    if (unknown.length > 0)
      throw new Failure(
        'fatal',
        'bad_prompt',
        `${file}: unknown ${list(unknown)}. It may use ${list(allowed)}.`,
      );
    for (const name of names) used.add(name);
  }
  const missing = required.filter((name) => !used.has(name));
  if (missing.length === 0) return;
  const where = Object.keys(files).join(' or ');
  throw new Failure(
    'fatal',
    'bad_prompt',
    `${where} has to use ${list(missing)}, or the model never sees it.`,
  );
}

function namesIn(file: string, template: string): Set<string> {
  try {
    return collect(Mustache.parse(template), new Set());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('fatal', 'bad_prompt', `${file}: not a template: ${reason}.`);
  }
}

function collect(spans: ReturnType<typeof Mustache.parse>, names: Set<string>): Set<string> {
  for (const [kind, name, , , inner] of spans) {
    if (kind !== 'text' && kind !== '!') names.add(name);
    if (Array.isArray(inner)) collect(inner, names);
  }
  return names;
}
