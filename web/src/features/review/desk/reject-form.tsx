import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReviewItem } from '../../../../../src/features/review/http/schemas.ts';

const LONGEST_REASON = 2_000;
const PASSES = 7;
const MOST_OFFERED = 3;

type RejectFormProps = Readonly<{
  item: ReviewItem;
  onReject: (reason: string) => void;
  onLeave: () => void;
}>;

/** Asks for the reason, and offers what the judge found weakest. */
export function RejectForm({ item, onReject, onLeave }: RejectFormProps) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  // At once: the next key that is pressed belongs to the reason.
  useLayoutEffect(() => field.current?.focus(), []);
  const send = () => reason.trim() !== '' && onReject(reason.trim());
  return (
    <form
      class="rejection"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onLeave()}
    >
      <label>
        Why is it rejected?
        <textarea
          ref={field}
          rows={2}
          required
          maxLength={LONGEST_REASON}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
      </label>
      <div class="actions">
        {weakestOf(item).map(([criterion, text]) => (
          <button key={criterion} type="button" class="chip" onClick={() => setReason(text)} title={text}>
            {criterion}
          </button>
        ))}
        <button type="submit" class="bad" disabled={reason.trim() === ''}>
          Reject
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Leave
        </button>
      </div>
    </form>
  );
}

function weakestOf({ review }: ReviewItem): readonly (readonly [criterion: string, text: string])[] {
  return Object.entries(review.scores)
    .filter(([, { score }]) => score < PASSES)
    .toSorted(([, a], [, b]) => a.score - b.score)
    .slice(0, MOST_OFFERED)
    .map(([criterion, { reason }]) => [criterion, reason === '' ? criterion : `${criterion}: ${reason}`]);
}
