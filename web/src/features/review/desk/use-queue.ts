import type { Queue } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { useRefreshed } from '../../../use-refreshed.ts';
import { useTicks } from '../../../use-ticks.ts';
import { queuePath } from '../desk-api.ts';

const EVERY_MS = 5_000;
const NOTHING: Queue = { items: [], waiting: 0 };

/** What waits for a person, asked again with every `version` and every few seconds while the page is looked at. */
export function useQueue(why: Why | undefined, version: number): Queue {
  // What does not come now comes with the next look; the item in hand tells of an outage.
  const { value = NOTHING } = useRefreshed<Queue>(queuePath(why), version + useTicks(EVERY_MS));
  return value;
}
