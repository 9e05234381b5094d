import { z } from 'zod';
import { faultWithin } from '../../text/well-formed.ts';
import type { ChatReply } from '../chat-model.ts';
import { jsonIn, type Reading } from './json-in-reply.ts';
import { unusableAnswer } from './unusable-answer.ts';

/** How models without a field for it decline. Looked for only where a reply holds no JSON at all, and only at its beginning. */
const REFUSAL =
  /^(?:i['’]?m (?:really |very |so )?sorry\b|sorry,|i (?:can(?:['’]t|not)|won['’]t|am (?:not able|unable)|must decline)\b|as an ai\b|i['’]m (?:not able|unable)\b)/i;

/** What a call of a tool keeps its arguments in, by the names of several vendors. */
const ARGUMENTS = ['arguments', 'parameters', 'input', 'properties'] as const;
const MOST_LAYERS = 3;

/**
 * The answer in a reply. Throws a Failure of kind `content` that keeps the reply and what it cost: `refused`, `truncated`,
 * `not_json`, `schema_mismatch`, or `bad_text` where its backslashes or characters cannot be what was meant. `longest` is the most that the model can write, in tokens.
 */
export function readReply<Answer>(
  reply: ChatReply,
  answer: z.ZodType<Answer>,
  longest: number | undefined,
): Answer {
  const { text, finishReason, usage } = reply;
  const unusable = (code: string, message: string, final?: boolean) =>
    unusableAnswer(reply, code, message, final);
  if (reply.refusal !== null) throw unusable('refused', `The model refused: ${reply.refusal.slice(0, 300)}`);
  if (finishReason === 'content_filter')
    throw unusable('refused', "The server's content filter stopped the answer.");
  if (finishReason === 'length') {
    const atItsEnd = longest !== undefined && usage.output >= longest;
    const where = atItsEnd
      ? `at ${longest} tokens, the most this model writes.`
      : 'at the token limit: raise maxOutputTokens for this stage.';
    throw unusable('truncated', `The answer was cut off ${where}`, atItsEnd);
  }
  const reading = jsonIn(text);
  if (reading.kind === 'none') {
    const said = text.trim();
    if (REFUSAL.test(said)) throw unusable('refused', `The model refused: ${said.slice(0, 300)}`);
    throw unusable('not_json', 'Expected one JSON object, and found none in the answer.');
  }
  const fitting = reading.kind === 'unclear' ? reading : fittingIn(reading.value, answer);
  if (fitting.kind === 'unclear') throw unusable('bad_text', unclear(fitting.what));
  if (fitting.kind === 'misfit')
    throw unusable('schema_mismatch', `The answer does not fit its schema: ${fitting.why}`);
  const fault = faultWithin(fitting.data);
  if (fault === undefined) return fitting.data;
  throw unusable(
    'bad_text',
    `A text of the answer holds ${fault}: write it without, and every backslash twice.`,
  );
}

type Fitting<Answer> =
  | Readonly<{ kind: 'fits'; data: Answer }>
  | Readonly<{ kind: 'misfit'; why: string }>
  | Extract<Reading, { kind: 'unclear' }>;

/** The answer itself, or what is left where it is unwrapped. */
function fittingIn<Answer>(value: object, answer: z.ZodType<Answer>): Fitting<Answer> {
  const whole = answer.safeParse(value);
  if (whole.success) return { kind: 'fits', data: whole.data };
  for (const inner of wrappedIn(value)) {
    const reading = typeof inner === 'string' ? jsonIn(inner) : { kind: 'value' as const, value: inner };
    if (reading.kind === 'none') continue;
    if (reading.kind === 'unclear') return reading;
    const { success, data } = answer.safeParse(reading.value);
    if (success) return { kind: 'fits', data };
  }
  return { kind: 'misfit', why: z.prettifyError(whole.error) };
}

function unclear(what: string): string {
  return `A backslash of the answer can be read in two ways, at ${JSON.stringify(what)}: JSON makes a line end, a tab or another character of it. Write every backslash that belongs to a text twice ("\\\\neq", "C:\\\\new", "\\\\d+"), and only those of JSON itself once.`;
}

/**
 * What may be the answer where the value as it came is not: the one object of a list, what stands under the schema's or
 * another single name, or in a call of a tool; an object, or a text with one in it. The outermost comes first.
 */
function* wrappedIn(value: object, layers = MOST_LAYERS): Generator<object | string> {
  if (layers === 0) return;
  for (const inner of innerOf(value)) {
    if (typeof inner === 'string' && inner.includes('{')) yield inner;
    if (typeof inner !== 'object' || inner === null) continue;
    if (!Array.isArray(inner)) yield inner;
    yield* wrappedIn(inner, layers - 1);
  }
}

function innerOf(value: object): readonly unknown[] {
  const entries = Object.entries(value);
  if (entries.length === 1) return entries.map(([, inner]) => inner);
  if (Array.isArray(value)) return [];
  return entries.filter(([name]) => ARGUMENTS.some((known) => known === name)).map(([, inner]) => inner);
}
