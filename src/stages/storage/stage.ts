import type { Stage } from '../../streams/stage.ts';
import type { WorkStore } from '../../streams/work.ts';
import type { Example } from '../example.ts';
import { freeWork } from '../free-work.ts';
import type { Lanes } from '../lanes.ts';
import { decodeMessage, type StorageMessage, storageMessage, workKeyOf } from '../message.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';

export type StorageDeps = Readonly<{ topics: Topics; store: WorkStore<Example>; lanes: Lanes }>;

/** Stage 5: the question's end. An approved example goes into the dataset and onto the ledger. */
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
      const { v, lane, revision, question, research, candidate, review, provenance } = message;
      const story = { question, research, candidate, review, provenance };
      const example = { v, lane, questionId: questionIdOf(question), revision, simulated, ...story };
      return freeWork(example);
    },
    decide: ({ question }, { result }) => {
      const approved = result.review.verdict === 'approved';
      return {
        kind: 'finish',
        status: approved ? 'approved' : 'rejected',
        topic: topics.dataset,
        records: approved ? [{ key: questionIdOf(question), value: JSON.stringify(result) }] : [],
      };
    },
  };
}
