import type { StageResult } from '../../streams/delivery/stage.ts';
import { Failure } from '../../streams/failure.ts';
import type { OutgoingRecord } from '../../streams/log/log.ts';
import type { Finished, LaneName } from '../../streams/work/work.ts';
import type { Review } from '../example.ts';
import type { ReviewMessage } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import { waitingOf } from '../store/review-queue-repository.ts';
import type { Passes, ShadowVerdict } from '../store/shadow-repository.ts';
import { verdictsOf } from './shadow-log.ts';

/** The longest feedback that is kept with a verdict; all of it stands in the shadow's own result. */
const MAX_FEEDBACK = 1_000;

/** A judge that works beside the live one. */
export type ShadowJudge = Readonly<{
  name: string;
  /** Whose judge it works beside. */
  source: LaneName;
  /** Whether a person is asked where the two differ about a candidate that has come to its end. */
  ask: boolean;
}>;

/** What follows from a shadow's verdict: it is kept and, where it differs from the live one, a person may be asked. */
export function shadowDecision(
  { name, source, ask }: ShadowJudge,
  message: ReviewMessage,
  { result, attempts }: Finished<Review>,
  live: Finished<Review> | undefined,
): StageResult {
  if (live === undefined)
    throw new Failure('fatal', 'unexpected', 'A shadow judged what the live judge has not.');
  const questionId = questionIdOf(message.question);
  const feedback = result.feedback.slice(0, MAX_FEEDBACK);
  const verdict: ShadowVerdict = {
    ...{ shadow: name, lane: source, questionId, revision: message.revision },
    ...{ live: passesOf(live.result), liveScore: live.result.score },
    ...{ verdict: passesOf(result), score: result.score, feedback },
    at: attempts.at(-1)?.startedAt ?? '',
  };
  const ledger = { topic: verdictsOf(name), records: [recordOf(verdict)] };
  const differs = verdict.live !== verdict.verdict;
  if (!ask || !differs || !isEnd(live.result)) return { kind: 'finish', status: 'reviewed', ...ledger };
  const shown = {
    message: asJudged(message, live),
    shadow: { name, score: result.score, verdict: verdict.verdict, feedback },
  };
  return { kind: 'hold', status: 'held', waiting: waitingOf('disagreement', shown), ...ledger };
}

/** What is sent back is written anew, and what is held waits for a person already. */
function isEnd({ verdict, hold }: Review): boolean {
  return hold === undefined && verdict !== 'revise';
}

function passesOf({ verdict }: Review): Passes {
  return verdict === 'approved' ? 'approved' : 'rejected';
}

/** The candidate with the live verdict, as it went to storage. */
function asJudged(message: ReviewMessage, live: Finished<Review>) {
  const { v, lane, drive, revision, question, research, candidate, added } = message;
  const provenance = [...message.provenance, provenanceOf('review', revision, live)];
  return { v, lane, drive, revision, question, research, candidate, added, provenance, review: live.result };
}

function recordOf(verdict: ShadowVerdict): OutgoingRecord {
  return { key: verdict.questionId, value: JSON.stringify(verdict) };
}
