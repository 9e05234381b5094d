import Mustache from 'mustache';
import { errorText, Failure } from '../../streams/failure.ts';
import { escapeForPrompt, TAGS } from '../text/escape-for-prompt.ts';

/** What a template may name, and which of it it must use: leaving the question out would be a costly slip. */
export type TemplateRule = Readonly<{
  allowed: readonly string[];
  required: readonly string[];
  /** Of these it may name any member: `fields.level`. */
  groups?: readonly string[];
}>;

/** What is filled in, by name; a name with a dot in a template means a value of a group. */
export type Values = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

const writer = new Mustache.Writer();
type Tokens = Parameters<typeof writer.renderTokens>[0];
const parsedTemplates = new Map<string, Tokens>();

/** What tags end with: of one question's own, and around what many questions share. */
type Suffixes = Readonly<{ own: string; shared: string }>;

/** Under this name the suffix stands in a parsed template. */
const SUFFIX = 'suffix of tags';
/** Around what many questions share another one may stand. */
const SHARED_SUFFIX = 'suffix of shared tags';
const SHARED_TAGS: ReadonlySet<string> = new Set(['subject', 'source', 'system', 'tools', 'passages']);
/** A tag of ours around something that is filled in, from its beginning to its end. */
const AROUND = TAGS.map((tag) => ({
  hole: `{{${SHARED_TAGS.has(tag) ? SHARED_SUFFIX : SUFFIX}}}`,
  around: new RegExp(
    `<(${tag})>((?:(?!</?${tag}>)[\\s\\S])*\\{\\{(?:(?!</?${tag}>)[\\s\\S])*)</${tag}>`,
    'g',
  ),
}));

/**
 * Fills a Mustache template (`{{name}}`, `{{#name}}…{{/name}}` where there is one). Whatever is filled in cannot end
 * the tags that the prompt sets around it: what looks like one of them is changed, and theirs end with the suffix, which a
 * stranger does not know.
 * @param suffix of letters and digits; without one the tags are as the template has them.
 * @param marked what is filled in as it is: it has tags of ours around what strangers wrote.
 */
export function fillTemplate(
  template: string,
  values: Values,
  suffix: string | Suffixes = '',
  marked: Values = {},
): string {
  return filledWith(values, suffix, marked)(template);
}

/** The same for several templates that are filled with the same values. */
export function filledWith(
  values: Values,
  suffix: string | Suffixes = '',
  marked: Values = {},
): (template: string) => string {
  const ending = (text: string) => (text === '' ? '' : `-${text}`);
  const { own, shared } = typeof suffix === 'string' ? { own: suffix, shared: suffix } : suffix;
  const ends = { [SUFFIX]: ending(own), [SHARED_SUFFIX]: ending(shared) };
  const context = new Mustache.Context({ ...quoted(values), ...marked, ...ends });
  return (template) =>
    writer.renderTokens(parsed(template), context, undefined, template, { escape: String }).trim();
}

/** A lane has a handful of templates, and each is filled for every question: it is parsed once. */
function parsed(template: string): Tokens {
  const known: Tokens = parsedTemplates.get(template) ?? writer.parse(withSuffixes(template));
  parsedTemplates.set(template, known);
  return known;
}

function withSuffixes(template: string): string {
  return AROUND.reduce(
    (text, { hole, around }) => text.replace(around, `<$1${hole}>$2</$1${hole}>`),
    template,
  );
}

function quoted(values: Values): Values {
  const made: Record<string, Values[string]> = {};
  for (const [name, value] of Object.entries(values))
    made[name] = typeof value === 'string' ? escapeForPrompt(value) : quotedGroup(value);
  return made;
}

function quotedGroup(group: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, escapeForPrompt(value)]));
}

/** Whether the template uses the name, in whatever way. */
export function namesPlaceholder(template: string, name: string): boolean {
  return new RegExp(`\\{\\{[#^&{]?\\s*${name}\\s*\\}\\}`).test(template);
}

/** The names that a template uses of a group: `level` of `{{fields.level}}`. */
export function membersNamed(template: string, groups: readonly string[]): readonly string[] {
  const names = new RegExp(`\\{\\{[#^&{/]?\\s*(?:${groups.join('|')})\\.([A-Za-z_]\\w{0,63})\\s*\\}\\}`, 'g');
  return [...new Set([...template.matchAll(names)].flatMap(([, name]) => name ?? []))];
}

/** The parts of a prompt, each under the name of the file it came from. */
export type PromptFiles = Readonly<Record<string, string>>;

/** Throws a Failure that names the file and what is wrong with it: a typing slip must not cost a run. */
export function checkTemplates(files: PromptFiles, { allowed, required, groups = [] }: TemplateRule): void {
  const member = new RegExp(`^(?:${groups.join('|')})\\.[A-Za-z_]\\w{0,63}$`);
  const list = (words: readonly string[]) => words.map((word) => `{{${word}}}`).join(', ');
  const used = new Set<string>();
  for (const [file, template] of Object.entries(files)) {
    const names = namesIn(file, template);
    const unknown = [...names].filter((name) => !allowed.includes(name) && !member.test(name));
    if (unknown.length > 0) {
      const message = `${file}: unknown ${list(unknown)}. It may use ${list([...allowed, ...groups.map((group) => `${group}.NAME`)])}.`;
      throw new Failure('fatal', 'bad_prompt', message);
    }
    for (const name of names) used.add(name);
  }
  const missing = required.filter((name) => !used.has(name));
  if (missing.length === 0) return;
  const where = Object.keys(files).join(' or ');
  const message = `${where} has to use ${list(missing)}, or the model never sees it.`;
  throw new Failure('fatal', 'bad_prompt', message);
}

function namesIn(file: string, template: string): Set<string> {
  try {
    return collect(Mustache.parse(template), new Set());
  } catch (error) {
    throw new Failure('fatal', 'bad_prompt', `${file}: not a template: ${errorText(error)}.`);
  }
}

function collect(spans: ReturnType<typeof Mustache.parse>, names: Set<string>): Set<string> {
  for (const [kind, name, , , inner] of spans) {
    if (kind !== 'text' && kind !== '!') names.add(name);
    if (Array.isArray(inner)) collect(inner, names);
  }
  return names;
}
