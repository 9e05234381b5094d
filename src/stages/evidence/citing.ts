import type { AttemptResult } from '../../streams/delivery/stage.ts';
import { unusableAnswer } from '../agent/reply/unusable-answer.ts';
import type { Example } from '../example.ts';

const MARK = /\[e(\d{1,3})\]/g;
const SPACED_MARK = / ?\[e(\d{1,3})\]/g;
const MOST_TOLD = 5;
const CITES = ' cites:';

/** What the writer is told where statements are to be marked with the quotes that prove them. */
export const CITE_INSTRUCTIONS = `Behind each statement that a quote proves, set the mark of that quote, such as [e1], exactly as the list of quotes has it. Set at least one mark, and none that is not in the list.`;

/** How a quote is marked, counted from 0. */
export function markOf(index: number): string {
  return `[e${index + 1}]`;
}

/**
 * The result of an attempt whose marks are those of so many quotes, and which has one at least. Throws a Failure of kind `content`,
 * `bad_citation`, that keeps the reply. Where there is no quote, nothing is to be marked.
 */
export function citedRightly(done: AttemptResult<unknown>, quotes: number): AttemptResult<unknown> {
  const set = [...JSON.stringify(done.result).matchAll(MARK)];
  const isStrange = (number: number) => number < 1 || number > quotes;
  const strange = [...new Set(set.flatMap(([mark, number]) => (isStrange(Number(number)) ? [mark] : [])))];
  if (quotes === 0 || (strange.length === 0 && set.length > 0)) return done;
  const known = quotes === 1 ? '[e1]' : `[e1] to ${markOf(quotes - 1)}`;
  const message =
    strange.length === 0
      ? `No statement is marked: set the marks of the quotes that prove them, ${known}.`
      : `There is no quote ${strange.slice(0, MOST_TOLD).join(', ')}: the marks are ${known}.`;
  throw unusableAnswer({ ...done, text: done.reply }, 'bad_citation', message);
}

/** The shape of an answer with how many quotes it may cite, so that a later process can check it. */
export function citingShape(shape: string, quotes: number | undefined): string {
  return quotes === undefined ? shape : `${shape}${CITES}${quotes}`;
}

/** What `citingShape` was made of. */
export function quotesIn(shape: string): Readonly<{ shape: string; quotes: number }> {
  const at = shape.lastIndexOf(CITES);
  const quotes = Number(shape.slice(at + CITES.length));
  return at < 0 || !Number.isInteger(quotes) ? { shape, quotes: 0 } : { shape: shape.slice(0, at), quotes };
}

/** The example without the marks of its quotes, for lines that have no place for them. */
export function withoutMarks(example: Example): Example {
  const quotes = example.research.evidence?.length ?? 0;
  return quotes === 0 ? example : { ...example, candidate: unmarked(example.candidate, quotes) };
}

/** The same for anything that was written on so many quotes. */
export function unmarked(value: unknown, quotes: number): unknown {
  if (typeof value === 'string')
    return value.replace(SPACED_MARK, (mark, number) => (number >= 1 && number <= quotes ? '' : mark));
  if (Array.isArray(value)) return value.map((each) => unmarked(each, quotes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unmarked(each, quotes)]));
}
