import type { Queue } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { amount } from '../../../format.ts';

type AllDoneProps = Readonly<{ decided: number; why: Why | undefined; queue: Queue; onLook: () => void }>;

/** Nothing is free for this reviewer: either nothing waits, or others have what is left. */
export function AllDone({ decided, why, queue, onLook }: AllDoneProps) {
  return (
    <section class="all-done">
      <svg viewBox="0 0 120 60" width="160" height="80" aria-hidden="true">
        <path d="M4 40 C 24 28, 44 52, 64 40 S 104 28, 116 40" />
        <path d="M4 50 C 24 38, 44 62, 64 50 S 104 38, 116 50" />
        <circle cx="60" cy="20" r="10" />
      </svg>
      <h2>{titleOf(queue, why)}</h2>
      <p class="faint">
        {decided > 0 && `You decided ${amount(decided)} here. `}
        The stream goes on by itself, and what needs a person comes here without a reload.
      </p>
      <button type="button" class="quiet" onClick={onLook}>
        Look again
      </button>
    </section>
  );
}

function titleOf({ items, waiting }: Queue, why: Why | undefined): string {
  if (items.length > 0) return 'Others have what is left';
  return why !== undefined && waiting > 0 ? 'Nothing waits for this reason' : 'Nothing waits for you';
}
