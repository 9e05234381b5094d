import Mustache from 'mustache';
import { Failure } from '../streams/failure.ts';

/** What a template may name, and which of it it must use: leaving the question out would be a costly slip. */
export type TemplateRule = Readonly<{ allowed: readonly string[]; required: readonly string[] }>;

/** Tags that mark off what strangers wrote. */
const TAGS = ['question', 'source', 'research', 'candidate', 'previous', 'reviewer', 'subject'] as const;
/** What nobody sees, and a model may read past. */
const UNSEEN = '[\\s\\p{Cc}\\p{Cf}]*';
const NAMES = TAGS.map((tag) => [...tag].join('[\\p{Cc}\\p{Cf}]*')).join('|');
/** A closing tag is known with spaces in it as well, either with unseen characters and wide brackets: a model would take it. */
const DELIMITERS = new RegExp(
  `[<\\uff1c](?=(?:\\p{Cf}*|${UNSEEN}[/\\uff0f]${UNSEEN})(?:${NAMES})(?![a-z0-9_]))`,
  'giu',
);
/**
 * What chat templates mark the turns of a conversation with: a server may read it as such wherever it stands
 * (https://huggingface.co/docs/transformers/chat_templating).
 */
const TURNS =
  /<(?=[|\uff5c][^<>|\uff5c]{1,40}[|\uff5c]>|\/?(?:start|end)_of_turn>|\/s>|[be]os>|<\/?SYS>>)|\[(?=\/?INST\])/gi;

type Values = Readonly<Record<string, string>>;

const writer = new Mustache.Writer();
type Tokens = Parameters<typeof writer.renderTokens>[0];
const parsedTemplates = new Map<string, Tokens>();
const quotedValues = new WeakMap<Values, Values>();

/**
 * Fills a Mustache template (`{{name}}`, `{{#name}}…{{/name}}` where there is one). Whatever is filled in cannot end
 * the tags that the prompt sets around it.
 */
export function fillTemplate(template: string, values: Values): string {
  const context = new Mustache.Context(quoted(values));
  return writer.renderTokens(parsed(template), context, undefined, template, { escape: String }).trim();
}

/** A lane has a handful of templates, and each is filled for every question: it is parsed once. */
function parsed(template: string): Tokens {
  const known: Tokens = parsedTemplates.get(template) ?? writer.parse(template);
  parsedTemplates.set(template, known);
  return known;
}

function quoted(values: Values): Values {
  const known = quotedValues.get(values);
  if (known !== undefined) return known;
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    value.replace(DELIMITERS, '‹').replace(TURNS, '‹'),
  ]);
  const made: Values = Object.fromEntries(entries);
  quotedValues.set(values, made);
  return made;
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
