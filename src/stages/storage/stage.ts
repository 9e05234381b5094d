import type { Stage } from '../../streams/delivery/stage.ts';
import type { OutgoingRecord } from '../../streams/log/log.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import type { Example } from '../example.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { decodeMessage, type StorageMessage, storageMessage, workKeyOf } from '../message.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import { type Shown, waitingOf } from '../store/review-queue-repository.ts';
import { unpaidResult } from '../unpaid-result.ts';

export type StorageDeps = Readonly<{ topics: Topics; store: WorkStore<Example>; lanes: LaneCache }>;

/** Stage 5: the question's end. An approved example goes into the dataset and onto the ledger; what a person took back waits again. */
export function storageStage({ topics, store, lanes }: StorageDeps): Stage<StorageMessage, Example> {
  return {
    name: 'storage',
    topic: topics.storage,
    store,
    decode: (record) => decodeMessage(storageMessage, record),
    workOf: (message) => workKeyOf('storage', message),
    accept: ({ lane }) => lanes.ready(lane),
    run: async (message) => {
      const { simulated } = await lanes.get(message.lane);
      const { v, lane, revision, question, research, candidate, review, added, provenance } = message;
      const story = { question, research, candidate, review, added, provenance };
      const example = { v, lane, questionId: questionIdOf(question), revision, simulated, ...story };
      return unpaidResult(example);
    },
    decide: (message, { result }) => {
      const { verdict, hold = 'disagreement' } = result.review;
      const ledger = { topic: topics.dataset, records: ledgerOf(result) };
      if (verdict === 'held')
        return { kind: 'hold', status: 'held', waiting: waitingOf(hold, shownOf(message)), ...ledger };
      return { kind: 'finish', status: verdict === 'approved' ? 'approved' : 'rejected', ...ledger };
    },
  };
}

function shownOf({ shadow, ...message }: StorageMessage): Shown {
  return { message, shadow };
}

/** What people decide against, they may have approved before: the ledger says that it is taken back. */
function ledgerOf(example: Example): readonly OutgoingRecord[] {
  const { verdict, reviewer } = example.review;
  if (verdict !== 'approved' && reviewer === undefined) return [];
  const value = verdict === 'approved' ? example : { ...example, retracted: true };
  return [{ key: example.questionId, value: JSON.stringify(value) }];
}
