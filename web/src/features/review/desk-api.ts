import type {
  ClaimedItem,
  DecisionList,
  DecisionRow,
  Queue,
  ReviewItem,
} from '../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../src/stages/store/review-queue-repository.ts';
import { ApiError, get, open, pathOf, post, postForAny, sent } from '../../api.ts';

export type DecisionRequest =
  | Readonly<{ verdict: 'approve' }>
  | Readonly<{ verdict: 'reject'; reason: string }>
  | Readonly<{ verdict: 'edit'; candidate: unknown }>;

type Named = Pick<ReviewItem, 'lane' | 'questionId'>;

const QUEUE_LIMIT = 50;
const LONGEST_QUEUE = 200;
const LOOKS = 6;
const LOOK_AGAIN_MS = 300;

function pathTo({ lane, questionId }: Named, action: string): string {
  return `/v1/review/${encodeURIComponent(lane)}/${encodeURIComponent(questionId)}/${action}`;
}

/** Where the queue is, or that of one reason. */
export function queuePath(why: Why | undefined): string {
  return pathOf('/v1/review/queue', { why, limit: QUEUE_LIMIT });
}

/** The next free one, claimed; `undefined` when nothing is free. */
export async function claimNext(reviewer: string, why: Why | undefined): Promise<ClaimedItem | undefined> {
  return postForAny('/v1/review/next', { reviewer, ...(why === undefined ? {} : { why }) });
}

/** This one, claimed or claimed for longer; `undefined` when another reviewer has it or it was decided. */
export async function claim(item: Named, reviewer: string): Promise<ClaimedItem | undefined> {
  try {
    return await post(pathTo(item, 'claim'), { reviewer });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return undefined;
    throw error;
  }
}

/** Lets others have it at once, also while the page goes away. A claim that is not given back runs out by itself. */
export function release({ item, claim: { token } }: ClaimedItem, reviewer: string): void {
  open(pathTo(item, 'release'), { ...sent({ reviewer, token }), keepalive: true }).catch(() => undefined);
}

/** Rejects with an ApiError: 409 if somebody decided meanwhile, 422 for a candidate that does not fit its type. */
export async function decide(
  { item, claim: { token } }: ClaimedItem,
  reviewer: string,
  decision: DecisionRequest,
): Promise<void> {
  await post(pathTo(item, 'decision'), { reviewer, token, revision: item.revision, ...decision });
}

/** Rejects with an ApiError. */
export async function undo(decided: Named & Readonly<{ revision: number }>, reviewer: string): Promise<void> {
  await post(pathTo(decided, 'undo'), { reviewer, revision: decided.revision });
}

/** What was taken back stays so, and taking back is not taken back: the question waits again, so it can be decided. */
export function canBeUndone({ verdict, undone }: DecisionRow): boolean {
  return !undone && verdict !== 'undo';
}

/** The item of a decision that was taken back, once it waits again; `undefined` if no worker has put it there so soon. */
export async function waitingAgain({ lane, questionId }: Named): Promise<ReviewItem | undefined> {
  for (let left = LOOKS; left > 0; left -= 1) {
    const path = pathOf('/v1/review/queue', { lane, limit: LONGEST_QUEUE });
    const { items } = await get<Queue>(path);
    const found = items.find((item) => item.questionId === questionId);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return undefined;
}

/** The reviewer's newest decision that still stands. */
export async function lastDecisionOf(reviewer: string): Promise<DecisionRow | undefined> {
  const { decisions } = await get<DecisionList>(pathOf('/v1/review/decisions', { reviewer, limit: 20 }));
  return decisions.find(canBeUndone);
}
