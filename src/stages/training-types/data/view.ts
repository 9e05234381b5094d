import Mustache from 'mustache';
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

/**
 * What a template names and nobody has, for people; `undefined` where it names nothing such. Inside a section of a list the names are
 * those of its items, which are not looked at.
 */
export function faultInTemplate(template: string, names: readonly string[]): string | undefined {
  const allowed = new Set<string>([...names, ...OF_THE_QUESTION]);
  try {
    for (const [kind, name] of Mustache.parse(template)) {
      if (kind === 'text' || kind === '!' || allowed.has(name.split('.')[0] ?? '')) continue;
      return `uses {{${name}}}; there are ${[...allowed].join(', ')}`;
    }
  } catch (error) {
    return `is no template: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}
