import { z } from 'zod';
import type { AttemptResult } from '../../streams/delivery/stage.ts';
import { Failure } from '../../streams/failure.ts';
import { unusableAnswer } from '../agent/reply/unusable-answer.ts';
import type { Research } from '../example.ts';
import { passageAround } from './passage.ts';
import { contentHashOf, coverageSchema, type Evidence, type Passage, type Piece } from './piece.ts';
import { type FoundQuote, QuotablePieces, type QuoteFault } from './quote.ts';

/** A record carries no more evidence. */
const MOST_EVIDENCE = 40;
const MOST_SHOWN_QUOTE = 120;
const MOST_TOLD_FAULTS = 8;

/** What the model answers where it was shown pieces: each key point with the quotes that it rests on. */
export const groundedSchema = z.object({
  summary: z.string(),
  keyPoints: z.array(
    z.object({ point: z.string(), evidence: z.array(z.object({ id: z.string(), quote: z.string() })) }),
  ),
  caveats: z.array(z.string()),
  coverage: coverageSchema,
});
type Grounded = z.output<typeof groundedSchema>;

/** What becomes of a question that the sources do not answer. */
export type Unanswerable = 'drop' | 'keep';

/**
 * Research whose quotes all stand in the pieces. Throws Failures of kind `content` that keep the reply: `unknown_piece` or
 * `bad_quote` with everything that is wrong, for the model to mend; `no_quote` where it claims an answer and shows none; and, for good,
 * `no_evidence` where it says that the sources do not answer and such questions are dropped.
 */
export function grounded(
  done: AttemptResult<Grounded>,
  pieces: readonly Piece[],
  unanswerable: Unanswerable,
): AttemptResult<Research> {
  const unusable = (code: string, message: string, final?: boolean) =>
    unusableAnswer({ ...done, text: done.reply }, code, message, final);
  const { summary, caveats, coverage, keyPoints } = done.result;
  const quotable = new QuotablePieces(pieces);
  const faults: QuoteFault[] = [];
  const found: (FoundQuote & Readonly<{ point: number }>)[] = [];
  for (const [point, { evidence }] of keyPoints.entries())
    for (const { id, quote } of evidence) {
      const place = quotable.find(id, quote);
      if ('code' in place) faults.push(place);
      else found.push({ ...place, point });
    }
  const [first] = faults;
  if (first !== undefined) throw unusable(first.code, faultsText(faults, pieces));
  if (found.length === 0 && coverage !== 'none') throw unusable('no_quote', NO_QUOTE);
  if (found.length === 0 && unanswerable === 'drop') throw unusable('no_evidence', NO_EVIDENCE, true);
  const points = keyPoints.map(({ point }) => point);
  return { ...done, result: { summary, keyPoints: points, caveats, ...evidenceOf(found), coverage } };
}

const NO_QUOTE =
  'No key point has a quote: give each the id of a piece and one unbroken run of its characters, or say that coverage is none.';
const NO_EVIDENCE =
  'The sources do not answer this question. Add what does (millrace sources add) and send it again, or keep such questions: --unanswerable keep.';

/** Throws as `grounded`, where there is nothing that could be shown: nobody is asked. */
export function ungrounded(unanswerable: Unanswerable): Research {
  if (unanswerable === 'drop') throw new Failure('content', 'no_evidence', NO_EVIDENCE, { final: true });
  return { summary: '', keyPoints: [], caveats: [], evidence: [], passages: [], coverage: 'none' };
}

function faultsText(faults: readonly QuoteFault[], pieces: readonly Piece[]): string {
  const told = [...new Set(faults.map((fault) => faultText(fault, pieces)))];
  const more = told.length > MOST_TOLD_FAULTS ? [`And ${told.length - MOST_TOLD_FAULTS} more.`] : [];
  return [...told.slice(0, MOST_TOLD_FAULTS), ...more].join('\n');
}

function faultText(fault: QuoteFault, pieces: readonly Piece[]): string {
  const id = fault.id.slice(0, 20);
  if (fault.code === 'unknown_piece')
    return `There is no piece ${id}: the ids are ${pieces.map((piece) => piece.id).join(', ')}.`;
  const quote = fault.quote.slice(0, MOST_SHOWN_QUOTE).toWellFormed();
  return fault.why === 'short'
    ? `“${quote}” of ${id} is too short to prove anything: quote at least a dozen characters.`
    : `${id} does not contain “${quote}”: copy one unbroken run of its characters, or leave the quote out.`;
}

type Supporting = FoundQuote & Readonly<{ point: number }>;

/** Each quote once, with all the points that rest on it, and each passage once. */
function evidenceOf(found: readonly Supporting[]) {
  const places = Map.groupBy(found, ({ piece, start, end }) => `${piece.id} ${start} ${end}`);
  const passages = new Map<string, Passage>();
  const evidence = [...places.values()].slice(0, MOST_EVIDENCE).flatMap((same): readonly Evidence[] => {
    const [place] = same;
    if (place === undefined) return [];
    const text = passageAround(place.piece.text, place.start, place.end);
    const hash = contentHashOf(text);
    passages.set(hash, { hash, text });
    return [{ ...placed(place), passageHash: hash, supports: [...new Set(same.map(({ point }) => point))] }];
  });
  return { evidence, passages: [...passages.values()] };
}

/** The quote under the place that it has in its document. */
function placed({ piece: { text, ...piece }, start, end }: FoundQuote) {
  const quote = text.slice(start, end);
  const { locator } = piece;
  const line = locator?.line === undefined ? undefined : locator.line + lineEnds(text.slice(0, start));
  const lines = line === undefined ? {} : { line, toLine: line + lineEnds(quote) };
  return {
    ...piece,
    start: piece.start + start,
    end: piece.start + end,
    ...(locator === undefined ? {} : { locator: { ...locator, ...lines } }),
    quote,
  };
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}
