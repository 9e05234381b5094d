import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Research } from '../example.ts';
import type { Question } from '../question.ts';
import { escapeForPrompt } from '../text/escape-for-prompt.ts';
import { markOf } from './citing.ts';
import type { PieceFinder, Wanted } from './finder.ts';
import { contentHashOf, type Evidence, type Piece, pieceSchema, placeText } from './piece.ts';

/** The name under which a question's own context is asked for beside sources. */
export const CONTEXT_SOURCE = 'context';

/** What is looked through before the model is asked. */
export type LookedThrough = Readonly<{ piecesInFront: number; sources?: readonly string[] | undefined }>;

/** What a question brings itself, and the best that its words find, under the ids that the model is shown. */
export async function piecesFor(
  question: Question,
  { piecesInFront: limit, sources }: LookedThrough,
  finder: PieceFinder | undefined,
  onCost?: Wanted['onCost'],
): Promise<readonly Piece[]> {
  const own = ownPieces(question);
  const named = sources?.filter((name) => name !== CONTEXT_SOURCE);
  if (named?.length === 0) return own;
  if (finder === undefined)
    throw new Failure('fatal', 'no_index', 'This process has no documents to search.');
  const found = await finder.find({ text: question.text, limit, sources: named, onCost });
  const first = Math.max(1, own.length);
  // What the question brings itself is not shown twice.
  const others = found.filter((piece) => !own.some(({ text }) => text.includes(piece.text)));
  return [...own, ...others.map((piece, index) => ({ id: `E${first + index}`, ...piece }))];
}

/** The context of the question and the passages that it brings: E0, E1 … */
function ownPieces({ context, passages = [] }: Question): readonly Piece[] {
  const own =
    context === '' ? passages : [{ title: 'the context of the question', text: context }, ...passages];
  return own.map(({ title, text }, index) => ({
    id: `E${index}`,
    kind: 'context',
    source: CONTEXT_SOURCE,
    title: title ?? `passage ${index + 1} of the question`,
    ...{ start: 0, end: text.length, contentHash: contentHashOf(text), at: '', text },
  }));
}

/** The pieces as a prompt shows them, each in tags that end with the suffix. */
export function piecesText(pieces: readonly Piece[], suffix: string): string {
  const tag = suffix === '' ? 'piece' : `piece-${suffix}`;
  return pieces
    .map(
      (piece) =>
        `<${tag} id="${piece.id}" from="${attribute(placeText(piece))}">\n${escapeForPrompt(piece.text)}\n</${tag}>`,
    )
    .join('\n\n');
}

function attribute(text: string): string {
  return escapeForPrompt(text)
    .replace(/\s*>\s*/g, ' / ')
    .replace(/["<\s]+/g, ' ')
    .trim();
}

/** What was found out as the writer and the judge are shown it: the quotes beside it stand in a place of their own. */
export function findingsText({ summary, keyPoints, caveats, evidence }: Research): string {
  const marked =
    evidence === undefined
      ? keyPoints
      : keyPoints.map((point, index) =>
          isSupported(evidence, index) ? point : `${point} (no quote supports it)`,
        );
  return JSON.stringify({ summary, keyPoints: marked, caveats }, null, 1);
}

/** Whether a quote of it supports the key point, counted from 0. */
function isSupported(evidence: readonly Evidence[], point: number): boolean {
  return evidence.some(({ supports }) => supports.includes(point));
}

/** Evidence as the writer and the judge are shown it, where it is cited with its marks; empty where there is none. */
export function evidenceText(evidence: readonly Evidence[] = [], isCited = false): string {
  return evidence
    .map(({ supports, quote, ...place }, index) => {
      const points = supports.map((point) => point + 1).join(', ');
      return `- ${isCited ? `${markOf(index)} ` : ''}for key point ${points}, from ${placeText(place)}: “${quote}”`;
    })
    .join('\n');
}

const shownSchema = z.array(pieceSchema);

/**
 * The pieces that stand beside an answer in a journal: it came before its search was a step. Throws a Failure of kind `content`
 * (`unknown_piece`) for what nobody can check any more.
 */
export function shownIn(text: string): readonly Piece[] {
  try {
    return shownSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('content', 'unknown_piece', 'What the model was shown is not known any more.', {
      cause,
    });
  }
}
