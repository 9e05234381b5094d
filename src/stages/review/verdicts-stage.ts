import type { Stage } from '../../streams/delivery/stage.ts';
import type { WorkKey, WorkStore } from '../../streams/work/work.ts';
import { judgedAs, type Review } from '../example.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { decodeMessage, recordOf, type VerdictMessage, verdictMessage, workKeyOf } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import type { Decision } from '../store/decision.ts';
import { unpaidResult } from '../unpaid-result.ts';

export type VerdictsDeps = Readonly<{
  topics: Topics;
  store: WorkStore<Decision>;
  lanes: LaneCache;
  /** Keeps the decision unless there is one of the same revision. Resolves with the one that stands. */
  keep(work: WorkKey, decision: Decision): Promise<Decision>;
}>;

/** What people decided goes its way like a judge's verdict: the first decision on a revision counts, as a revision of its own. */
export function verdictsStage({ topics, store, lanes, keep }: VerdictsDeps): Stage<VerdictMessage, Decision> {
  return {
    name: 'verdicts',
    topic: topics.verdicts,
    store,
    decode: (record) => decodeMessage(verdictMessage, record),
    workOf: (message) => workKeyOf('verdicts', message),
    accept: ({ lane }) => lanes.ready(lane),
    run: async (message) => unpaidResult(await keep(workKeyOf('verdicts', message), message.decision)),
    decide: (message, finished) => {
      const { v, lane, revision, drive, question, research, shadow, added } = message;
      const decision = finished.result;
      const provenance = [
        ...message.provenance,
        { ...provenanceOf('verdicts', revision, finished), model: 'person' },
      ];
      const toStorage = {
        ...{ v, lane, drive, question, research, provenance, shadow, revision: revision + 1 },
        added,
        candidate: decision.verdict === 'edit' ? decision.candidate : message.candidate,
        review: decidedReview(message.review, decision),
      };
      return {
        kind: 'emit',
        status: 'reviewed',
        topic: topics.storage,
        records: [recordOf(questionIdOf(question), toStorage)],
      };
    },
  };
}

const VERDICTS = { approve: 'approved', edit: 'approved', reject: 'rejected', undo: 'held' } as const;

function decidedReview(review: Review, { verdict, reason, reviewer }: Decision): Review {
  const feedback = reason === '' ? review.feedback : reason;
  return { ...review, verdict: VERDICTS[verdict], feedback, reviewer, judged: judgedAs(review) };
}
