import type { Queue, ReviewItem } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { amount } from '../../../format.ts';
import { WHY_WORDS } from '../why.ts';

type QueueListProps = Readonly<{
  queue: Queue;
  why: Why | undefined;
  current: ReviewItem | undefined;
  reviewer: string;
  onOpen: (item: ReviewItem) => void;
}>;

/** What waits, the longest waiting first; what another reviewer has is named after them. */
export function QueueList({ queue, why: chosen, current, reviewer, onOpen }: QueueListProps) {
  // How many wait is known over all reasons only.
  const beyond = chosen === undefined ? queue.waiting - queue.items.length : 0;
  return (
    <ol class="queue">
      {queue.items.map((item) => {
        const { lane, questionId, question, why, review, claimedBy } = item;
        const taken = claimedBy !== undefined && claimedBy !== reviewer;
        const here = current?.questionId === questionId && current.lane === lane;
        return (
          <li key={`${lane}/${questionId}`}>
            <button
              type="button"
              aria-current={here ? 'true' : undefined}
              disabled={taken}
              onClick={() => onOpen(item)}
            >
              <span class="text">{question.text}</span>
              <small>
                {taken ? `${claimedBy} has it` : `${WHY_WORDS[why].short} · score ${review.score}`}
              </small>
            </button>
          </li>
        );
      })}
      {beyond > 0 && <li class="faint">and {amount(beyond)} more</li>}
      {chosen !== undefined && queue.cursor !== undefined && <li class="faint">and more</li>}
    </ol>
  );
}
