import { useEffect, useRef, useState } from 'preact/hooks';
import type { ClaimedItem, Queue, ReviewItem } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { ApiError, get } from '../../../api.ts';
import { asError } from '../../../as-error.ts';
import {
  claim,
  claimNext,
  type DecisionRequest,
  decide,
  lastDecisionOf,
  queuePath,
  release,
  undo,
  waitingAgain,
} from '../desk-api.ts';
import { useClaim } from './use-claim.ts';
import { useQueue } from './use-queue.ts';

type Seat =
  | Readonly<{ kind: 'looking' | 'empty' }>
  | Readonly<{ kind: 'at'; claimed: ClaimedItem }>
  | Readonly<{ kind: 'failed'; error: Error }>;

export type Desk = Readonly<{
  seat: Seat;
  queue: Queue;
  /** The last thing that happened, in words. */
  notice: string;
  /** Decisions since the page was opened. */
  decided: number;
  decide(decision: DecisionRequest): Promise<Error | undefined>;
  /** One further or back in the queue. */
  step(by: 1 | -1): void;
  open(item: ReviewItem): void;
  undo(): void;
  look(): void;
}>;

const DONE: Readonly<Record<DecisionRequest['verdict'], string>> = {
  approve: 'Approved.',
  reject: 'Rejected.',
  edit: 'Kept as a new revision of yours.',
};
const LOST = 'Somebody else has this one meanwhile, so here is the next.';

/** A reviewer at the desk: one claimed item at a time, and what can be done with it. One step at a time, too. */
export function useDesk(reviewer: string, why: Why | undefined): Desk {
  const [seat, setSeat] = useState<Seat>({ kind: 'looking' });
  const [notice, setNotice] = useState('');
  const [decided, setDecided] = useState(0);
  const [version, setVersion] = useState(0);
  const queue = useQueue(why, version);
  const claimed = seat.kind === 'at' ? seat.claimed : undefined;

  const alone = useOneAtATime(
    (error) => setSeat({ kind: 'failed', error }),
    () => setVersion((seen) => seen + 1),
  );
  const sitAt = (found: ClaimedItem | undefined) =>
    setSeat(found === undefined ? { kind: 'empty' } : { kind: 'at', claimed: found });
  const next = async () => sitAt(await claimNext(reviewer, why));
  const leaveFor = async (items: readonly ReviewItem[], ifNone: string) => {
    for (const item of items) {
      const found = await claim(item, reviewer);
      if (found === undefined) continue;
      if (claimed !== undefined && claimed.item.questionId !== item.questionId) release(claimed, reviewer);
      setNotice('');
      return sitAt(found);
    }
    setNotice(ifNone);
  };
  useClaim(claimed, reviewer, () => {
    void alone(async () => {
      setNotice(LOST);
      await next();
    });
  });
  // Whoever sits at the desk under another filter starts over.
  useEffect(() => void alone(next), [reviewer, why]);
  const hasFree = seat.kind === 'empty' && queue.items.some((item) => isFree(item, reviewer));
  useEffect(() => (hasFree ? void alone(next) : undefined), [queue]);

  return {
    ...{ seat, queue, notice, decided },
    look: () => void alone(next),
    open: (item) => void alone(() => leaveFor([item], 'Another reviewer has this one.')),
    step: (by) =>
      void alone(async () => {
        const { items } = await get<Queue>(queuePath(why));
        const among = neighboursOf(items, claimed?.item, by).filter((item) => isFree(item, reviewer));
        await leaveFor(
          among,
          by === 1 ? 'This is the last one that is free.' : 'This is the first one that is free.',
        );
      }),
    undo: () =>
      void alone(async () => {
        const last = await lastDecisionOf(reviewer);
        if (last === undefined) return setNotice('There is no decision of yours to take back.');
        setNotice('Taking it back…');
        await undo(last, reviewer);
        setDecided((count) => Math.max(0, count - 1));
        const item = await waitingAgain(last);
        const again = item === undefined ? undefined : await claim(item, reviewer);
        if (again === undefined) return setNotice('Taken back: it comes back to the queue.');
        if (claimed !== undefined) release(claimed, reviewer);
        sitAt(again);
        setNotice('Taken back: decide again.');
      }),
    decide: async (decision) => {
      if (claimed === undefined) return undefined;
      let refused: Error | undefined;
      await alone(async () => {
        const outcome = await outcomeOf(decide(claimed, reviewer, decision));
        if (outcome instanceof ApiError && outcome.status !== 409) {
          refused = outcome;
          if (decision.verdict !== 'edit') setNotice(outcome.message);
          return;
        }
        setNotice(outcome === undefined ? DONE[decision.verdict] : `${outcome.message} Here is the next.`);
        if (outcome === undefined) setDecided((count) => count + 1);
        await next();
      });
      return refused;
    },
  };
}

/** The items that come after (or before) this one, the nearest first. */
function neighboursOf(
  items: readonly ReviewItem[],
  item: ReviewItem | undefined,
  by: 1 | -1,
): readonly ReviewItem[] {
  const at = items.findIndex(({ lane, questionId }) => lane === item?.lane && questionId === item.questionId);
  return by === 1 ? items.slice(at + 1) : items.slice(0, Math.max(0, at)).toReversed();
}

function isFree({ claimedBy }: ReviewItem, reviewer: string): boolean {
  return claimedBy === undefined || claimedBy === reviewer;
}

async function outcomeOf(deciding: Promise<void>): Promise<ApiError | undefined> {
  try {
    await deciding;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** Does one thing at a time: what is wanted meanwhile is passed over. */
function useOneAtATime(onError: (error: Error) => void, onEnd: () => void) {
  const busy = useRef(false);
  return async (act: () => Promise<void>): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    try {
      await act();
    } catch (error) {
      onError(asError(error));
    } finally {
      busy.current = false;
      onEnd();
    }
  };
}
