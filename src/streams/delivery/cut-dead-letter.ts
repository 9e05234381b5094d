import type { LogRecord } from '../log/log.ts';
import type { DeadLetter } from './dead-letter.ts';

/** On a dead letter that holds its record in part: what the whole was. Such a dead letter cannot be sent again. */
const CUT_HEADER = 'millrace-cut';

/** More, its own headers added, would not fit into a topic that takes 8 MiB, or into a document of MongoDB. */
const MAX_WHOLE_BYTES = 8_000_000;
const KEPT_BYTES = 64 * 1_024;
const KEPT_KEY_CHARACTERS = 256;
const KEPT_HEADERS_CHARACTERS = 8 * 1_024;
const KEPT_HEADERS = 100;
const KEPT_MESSAGE_CHARACTERS = 4_000;
const KEPT_ATTEMPTS = 10;
const KEPT_REPLY_CHARACTERS = 20_000;

/** The dead letter, or what can be kept of it where the whole is too large to be kept. */
export async function fittingDeadLetter(deadLetter: DeadLetter, record: LogRecord): Promise<DeadLetter> {
  const { unreadable } = record;
  if (unreadable !== undefined) {
    const { head, bytes } = unreadable;
    const cut = `${bytes} bytes of a packed batch, the first ${head.length} kept`;
    return { ...deadLetter, value: head, headers: { [CUT_HEADER]: cut } };
  }
  return sizeOf(deadLetter) > MAX_WHOLE_BYTES ? cutDeadLetter(deadLetter) : deadLetter;
}

/** Head, length, hash and place of what does not fit; the whole is where it came from, as long as its topic keeps it. */
export async function cutDeadLetter(deadLetter: DeadLetter): Promise<DeadLetter> {
  const { value, headers, key, topic, partition, offset } = deadLetter;
  if (isCut(deadLetter)) return deadLetter;
  const bytes = value === null ? new Uint8Array() : Buffer.from(value);
  const kept = bytes.subarray(0, KEPT_BYTES);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const cut = `${bytes.length} bytes, sha256 ${digest}, the first ${kept.length} kept`;
  const message = `${deadLetter.message.slice(0, KEPT_MESSAGE_CHARACTERS)} It is too large for a dead letter (${cut}); the whole record is at ${topic}:${partition}:${offset}, as long as the topic keeps it.`;
  return {
    ...deadLetter,
    key: key === null ? null : key.slice(0, KEPT_KEY_CHARACTERS),
    value: kept,
    headers: { ...shortHeaders(headers), [CUT_HEADER]: cut },
    message,
    attempts: deadLetter.attempts.slice(-KEPT_ATTEMPTS).map((each) => ({
      ...each,
      message: each.message.slice(0, KEPT_MESSAGE_CHARACTERS),
      reply: each.reply.slice(0, KEPT_REPLY_CHARACTERS),
    })),
  };
}

export function isCut({ headers }: Pick<DeadLetter, 'headers'>): boolean {
  return headers[CUT_HEADER] !== undefined;
}

function sizeOf({ key, value, headers }: DeadLetter): number {
  const texts = Object.entries(headers).flat();
  return [key ?? '', value ?? '', ...texts].reduce((sum, each) => sum + Buffer.byteLength(each), 0);
}

function shortHeaders(headers: DeadLetter['headers']): Record<string, string> {
  const each = Object.entries(headers).slice(0, KEPT_HEADERS);
  let left = KEPT_HEADERS_CHARACTERS;
  const fitting = each.filter(([name, value]) => {
    const fits = name.length + value.length <= left;
    if (fits) left -= name.length + value.length;
    return fits;
  });
  return Object.fromEntries(fitting);
}
