import { useEffect, useState } from 'preact/hooks';
import type { Queue } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { queueOf } from '../desk-api.ts';

const EVERY_MS = 5_000;
const NOTHING: Queue = { items: [], waiting: 0 };

/** What waits for a person, asked again with every `version` and every few seconds while the page is looked at. */
export function useQueue(why: Why | undefined, version: number): Queue {
  const [queue, setQueue] = useState(NOTHING);
  useEffect(() => {
    const stop = new AbortController();
    const look = () => {
      if (document.hidden) return;
      // What does not come now comes with the next look; the item in hand tells of an outage.
      queueOf(why, stop.signal).then(setQueue, () => undefined);
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [why, version]);
  return queue;
}
