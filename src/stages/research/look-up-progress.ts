import { onceForEach } from '../../streams/once-for-each.ts';
import type { Step } from '../../streams/work/step.ts';
import type { Piece } from '../evidence/piece.ts';
import { urlsIn } from '../tools/page-urls.ts';
import { type ResultBody, resultBodySchema, type TurnBody, turnBodySchema } from '../tools/step-body.ts';

export type TurnStep = Readonly<{ step: Step; body: TurnBody }>;
export type ResultStep = Readonly<{ step: Step; body: ResultBody }>;

/** Where a question's look-ups stand, as their steps tell it. A redrive keeps what was found, and counts anew. */
export type LookUpProgress = Readonly<{
  /** Everything that was shown, whatever drive showed it; in mode `sources` what this one found. */
  pieces: readonly Piece[];
  urls: ReadonlySet<string>;
  /** Of this drive. */
  searched: boolean;
  turns: readonly TurnStep[];
  results: readonly ResultStep[];
  /** Of all drives. */
  allTurns: readonly TurnStep[];
}>;

/** A step of the kind `turn`. */
export function readTurn(step: Step): TurnStep {
  return readStep(step) as TurnStep;
}

/** Each step is read once, however often the loop asks where it stands. */
const readStep = onceForEach((step: Step) => {
  const body = step.kind === 'turn' ? turnBodySchema.parse(step.body) : resultIn(step);
  return { step, body } as TurnStep | ResultStep;
});

/** What stands in front was shown as what tools bring is: pages that its texts name can be opened. */
function resultIn({ kind, body }: Step): ResultBody {
  const result = resultBodySchema.parse(body);
  if (kind !== 'search') return result;
  const texts = result.pieces.map(({ text, url = '' }) => `${url}\n${text}`);
  return { ...result, urls: [...urlsIn(texts.join('\n'))] };
}

const isTurn = (each: TurnStep | ResultStep): each is TurnStep => each.step.kind === 'turn';
const isResult = (each: TurnStep | ResultStep): each is ResultStep => each.step.kind !== 'turn';

export function progressAt(steps: readonly Step[], drive: number, mode: 'sources' | 'tools'): LookUpProgress {
  const all = steps.map(readStep);
  const results = all.filter(isResult);
  const turns = all.filter(isTurn);
  const ours = ({ step }: TurnStep | ResultStep) => step.drive === drive;
  const shown = mode === 'sources' ? results.filter(ours) : results;
  return {
    pieces: withoutRepeats(shown.flatMap(({ body }) => body.pieces)),
    urls: new Set(results.flatMap(({ body }) => body.urls ?? [])),
    searched: results.some((each) => ours(each) && each.step.kind === 'search'),
    turns: turns.filter(ours),
    results: results.filter(ours),
    allTurns: turns,
  };
}

function withoutRepeats(pieces: readonly Piece[]): readonly Piece[] {
  return [...new Map(pieces.map((piece) => [piece.id, piece])).values()];
}
