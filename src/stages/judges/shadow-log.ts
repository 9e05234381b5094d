import type { StatusRepository } from '../../streams/delivery/status-repository.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { Log, OutgoingRecord } from '../../streams/log/log.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { ReviewQueueRepository } from '../store/review-queue-repository.ts';
import {
  type ShadowRepository,
  type ShadowVerdict,
  shadowVerdictSchema,
} from '../store/shadow-repository.ts';

/** Where the verdicts of a shadow judge go: a topic that only its own log knows. */
export function verdictsOf(name: string): string {
  return `shadow verdicts of ${name}`;
}

/** The log as a shadow judge has it: nothing that it publishes reaches a topic, and its verdicts are kept apart. */
export function shadowLog(
  log: Pick<Log, 'consumer'>,
  name: string,
  shadows: Pick<ShadowRepository, 'keep'>,
): Pick<Log, 'consumer' | 'publish'> {
  const ledger = verdictsOf(name);
  return {
    consumer: (subscription) => log.consumer(subscription),
    publish: async (topic, records) => {
      if (topic === ledger) for (const record of records) await shadows.keep(verdictIn(record));
    },
  };
}

/** Where questions stand, as a shadow judge has it: it moves none and lets none die. It may ask a person about one. */
export function shadowQuestions(
  reviewQueue: Pick<ReviewQueueRepository, 'put'>,
  source: LaneName,
): StatusRepository {
  return {
    move: async ({ work, waiting }) => {
      if (waiting !== undefined) await reviewQueue.put({ ...work, lane: source }, waiting);
    },
    putDeadLetter: async () => undefined,
    closeDeadLetter: async () => undefined,
  };
}

function verdictIn({ value }: OutgoingRecord): ShadowVerdict {
  try {
    return shadowVerdictSchema.parse(JSON.parse(String(value)));
  } catch (error) {
    throw new Failure('fatal', 'unexpected', `No verdict of a shadow judge: ${asFailure(error).message}`);
  }
}
