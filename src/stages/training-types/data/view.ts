import Mustache from 'mustache';
import { errorText } from '../../../streams/failure.ts';
import { questionValues } from '../../agent/question-values.ts';
import type { Question } from '../../question.ts';

/** What templates of a type may name besides the fields of its candidate. */
const OF_THE_QUESTION = [
  'question',
  'source',
  'passages',
  'system',
  'topic',
  'sub_topic',
  'fields',
  'metadata',
] as const;

/**
 * A template of a type filled in: texts as they are, anything else as JSON. Nothing of it is escaped. Passages are numbered, as in prompts;
 * the source is all that the question brings to rest on, context and passages.
 */
export function filled(template: string, candidate: object, question: Question): string {
  const { text, context, system = '', topic, subTopic, fields = {} } = question;
  const { passages } = questionValues(question);
  const asked = {
    question: text,
    source: [context, passages].filter((each) => each !== '').join('\n\n'),
    passages,
    system,
    topic,
    sub_topic: subTopic,
    fields,
    metadata: fields,
  };
  return writer.render(template, { ...asked, ...candidate }, undefined, { escape: textOf }).trim();
}

/** `{{{fields}}}` is as `{{fields}}`: text or JSON. */
class PlainWriter extends Mustache.Writer {
  override unescapedValue(token: string[], context: Mustache.Context): string {
    return textOf(context.lookup(token[1] ?? ''));
  }
}
const writer = new PlainWriter();

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What instructions may name: they are told to the model, where nothing long of a stranger belongs. */
const OF_INSTRUCTIONS = ['topic', 'sub_topic', 'language', 'fields', 'metadata'];

/**
 * The same of instructions, which stand before anything is written. Two other braces say that these are text: `{{=<% %>=}}`.
 */
export function faultInInstructions(template: string): string | undefined {
  const fault = faultIn(template, new Set(OF_INSTRUCTIONS));
  if (
    fault === undefined ||
    !/\{\{[{&#^]?\s*(?:question|source|context|passages|system|tools|history)\b/.test(template)
  )
    return fault;
  return `${fault}. What the question brings stands in the prompt already`;
}

/**
 * What a template names and nobody has, for people; `undefined` where it names nothing such. Inside a section of a list the names are
 * those of its items, which are not looked at.
 */
export function faultInTemplate(template: string, names: readonly string[]): string | undefined {
  return faultIn(template, new Set<string>([...names, ...OF_THE_QUESTION]));
}

function faultIn(template: string, allowed: ReadonlySet<string>): string | undefined {
  try {
    for (const [kind, name] of Mustache.parse(template)) {
      if (kind === 'text' || kind === '!' || kind === '=' || allowed.has(name.split('.')[0] ?? '')) continue;
      return `uses {{${name}}}; there are ${[...allowed].join(', ')}`;
    }
  } catch (error) {
    return `is no template: ${errorText(error)}`;
  }
  return undefined;
}
