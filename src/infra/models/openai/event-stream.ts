import { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';

const START = /^\s*(?::|(?:data|event|id|retry):)/;
/** Of an event stream; U+2028 and U+2029, which end a line for `.`, `^` and `$`, stand in texts like any other letter. */
const LINE_END = /\r?\n|\r/;
const text = z.string().nullish().catch(null);
const call = z.looseObject({
  index: z.number().int().nonnegative().catch(0),
  function: z.looseObject({ name: text, arguments: text }).nullish().catch(null),
});
type Call = z.output<typeof call>;
const delta = z.object({
  content: text,
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(call).nullish().catch(null),
});
const chunk = z.object({
  model: text,
  choices: z
    .array(
      z.object({
        index: z.number().catch(0),
        finish_reason: text,
        delta: delta.optional(),
        message: delta.optional(),
      }),
    )
    .catch([]),
  usage: z.unknown().optional(),
});
type Delta = z.output<typeof delta>;

/** Whether a body is an event stream, whatever its content type says. */
export function isEventStream(body: string): boolean {
  return START.test(body);
}

/**
 * A completion put together from the chunks of an event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * some servers stream though nobody asked for it. `undefined` for a stream that was cut off before its end; what is no
 * chunk, such as an error or a whole completion behind comments, is answered as it came.
 */
export function completionOfStream(body: string): unknown {
  const events = eventsOf(body);
  if (events.length === 0) return parseJson(withoutComments(body));
  const values = events.filter((data) => data !== '[DONE]').map(parseJson);
  const chunks = values.map((value) => chunk.safeParse(value).data).filter((each) => each !== undefined);
  const odd = values.find((value) => !isChunk(value));
  if (odd !== undefined) return odd;
  const choices = chunks.flatMap((each) => each.choices).filter(({ index }) => index === 0);
  const finishReason = choices.findLast((each) => each.finish_reason)?.finish_reason;
  if (!finishReason && events.at(-1) !== '[DONE]') return undefined;
  const parts = choices.flatMap((each) => each.delta ?? each.message ?? []);
  return {
    model: chunks.find((each) => each.model)?.model,
    choices: [{ finish_reason: finishReason, message: messageOf(parts) }],
    usage: chunks.findLast(({ usage }) => usage !== null && usage !== undefined)?.usage,
  };
}

function messageOf(parts: readonly Delta[]) {
  const whole = (name: 'content' | 'refusal' | 'reasoning_content' | 'reasoning') => {
    const texts = parts.flatMap((part) => part[name] ?? []);
    return texts.length === 0 ? null : texts.join('');
  };
  const calls = Map.groupBy(
    parts.flatMap((part) => part.tool_calls ?? []),
    ({ index }) => index,
  );
  return {
    role: 'assistant',
    content: whole('content'),
    ...known({
      refusal: whole('refusal'),
      reasoning_content: whole('reasoning_content'),
      reasoning: whole('reasoning'),
    }),
    ...(calls.size === 0 ? {} : { tool_calls: [...calls.values()].map(wholeCall) }),
  };
}

/** The pieces of one call: its arguments come in parts, everything else in one of them. */
function wholeCall(parts: readonly Call[]) {
  const { index: _, ...all } = Object.assign({}, ...parts.map(known));
  const functions = parts.map((part) => known(part.function ?? {}));
  const args = parts.map((part) => part.function?.arguments ?? '').join('');
  return { type: 'function', ...all, function: { ...Object.assign({}, ...functions), arguments: args } };
}

function known(part: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null && value !== ''));
}

/** The data of each event: its lines of data, put together. */
function eventsOf(body: string): readonly string[] {
  return body
    .split(/\r?\n\r?\n|\r\r/)
    .map((event) =>
      event
        .split(LINE_END)
        .flatMap((line) => /^\s*data: ?(.*)$/s.exec(line)?.[1] ?? [])
        .join('\n')
        .trim(),
    )
    .filter((data) => data !== '');
}

function withoutComments(body: string): string {
  return body
    .split(LINE_END)
    .filter((line) => !/^\s*:/.test(line))
    .join('\n');
}

function isChunk(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !('error' in value) &&
    ('choices' in value || 'usage' in value)
  );
}
