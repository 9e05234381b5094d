import { describe } from 'vitest';
import { describeAdded } from './store/added.ts';
import { describeClaiming, type PaidStage } from './store/claiming.ts';
import { describeCleaning } from './store/cleaning.ts';
import { describeCounting } from './store/counting.ts';
import { describeDeadLetters } from './store/dead-letters.ts';
import { describeEnding } from './store/ending.ts';
import { describeFinishing } from './store/finishing.ts';
import { approval, lookedUp, type OpenStore } from './store/fixtures.ts';
import { describeForgetting } from './store/forgetting.ts';
import { describeHistories } from './store/histories.ts';
import { describeListing } from './store/listing.ts';
import { describeEvidence } from './store/looked-up/evidence.ts';
import { describeLookUps } from './store/looked-up/look-ups.ts';
import { describePausing } from './store/pausing.ts';
import { describeRedriving } from './store/redriving.ts';
import { describeRepositories } from './store/repositories.ts';
import { describeReviewQueue } from './store/review-queue.ts';
import { describeShadows } from './store/shadows.ts';
import { describeSpending } from './store/spending.ts';
import { describeStatuses } from './store/statuses.ts';
import { describeSteps } from './store/steps.ts';
import { describeWorkers } from './store/workers.ts';

const PAID: readonly PaidStage[] = [
  { stage: 'research', storeOf: (store) => store.research, result: lookedUp },
  {
    stage: 'generation',
    storeOf: (store) => store.generations,
    result: { prompt: 'P ✓', answer: ['A', null] },
  },
  { stage: 'review', storeOf: (store) => store.reviews, result: approval },
  { stage: 'fact-check', storeOf: (store) => store.works('fact-check'), result: { wrong: ['W ✓'] } },
];

/** What every adapter of the port `Store` promises. `open` gives an empty store that no other test disturbs. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`${name} as a store`, () => {
    for (const paid of PAID) {
      describeClaiming(paid, open);
      describeFinishing(paid, open);
    }
    describeAdded(open);
    describeSteps(open);
    describeCounting(open);
    describeStatuses(open);
    describeListing(open);
    describeDeadLetters(open);
    describeRedriving(open);
    describeEnding(open);
    describeReviewQueue(open);
    describeRepositories(open);
    describeHistories(open);
    describeForgetting(open);
    describeEvidence(open);
    describeLookUps(open);
    describeSpending(open);
    describeWorkers(open);
    describePausing(open);
    describeCleaning(open);
    describeShadows(open);
  });
}
