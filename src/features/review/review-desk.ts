import { judgedAs } from '../../stages/example.ts';
import { recordOf, workKeyOf } from '../../stages/message.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { Decision, PersonVerdict } from '../../stages/store/decision.ts';
import type { ReviewQueueEntry, ReviewQueueRepository } from '../../stages/store/review-queue-repository.ts';
import type { Store } from '../../stages/store/store.ts';
import { callCheckOf } from '../../stages/training-types/called-tools.ts';
import { typeOfCandidate } from '../../stages/training-types/former.ts';
import { trainingTypeNamed } from '../../stages/training-types/index.ts';
import { Failure } from '../../streams/failure.ts';
import type { Log } from '../../streams/log/log.ts';
import type { LaneName, QuestionId, Token } from '../../streams/work/work.ts';
import { candidateIssues, type Issue } from './candidate-issues.ts';

/** A decision as it is sent in. */
type Deciding = Readonly<{
  reviewer: string;
  token: Token;
  revision: number;
  verdict: Exclude<PersonVerdict, 'undo'>;
  reason: string;
  candidate?: unknown;
}>;

/** Why nothing was decided: a stable word for programs, and a text for people. */
type Refused = Readonly<{
  kind: 'refused';
  why: 'not_waiting' | 'decided' | 'claim_lost' | 'not_the_last' | 'not_a_candidate';
  detail: string;
  /** Where a candidate does not fit its training type. */
  issues?: readonly Issue[];
}>;

type Fits = Readonly<{ kind: 'fits'; candidate: unknown }>;

/** What came of it; the revision is the one that the question has by the decision. */
export type Decided = Readonly<{ kind: 'decided'; revision: number }> | Refused;

/** Where people decide. Both ways resolve once the log has acknowledged a decision and the review queue knows it. */
export type ReviewDesk = Readonly<{
  queue: ReviewQueueRepository;
  decide(lane: LaneName, questionId: QuestionId, deciding: Deciding): Promise<Decided>;
  undo(lane: LaneName, questionId: QuestionId, by: string, revision: number): Promise<Decided>;
}>;

export type ReviewDeskPorts = Readonly<{
  log: Pick<Log, 'publish'>;
  store: Pick<Store, 'reviewQueue' | 'reports'>;
  namespace: string;
}>;

/** The review desk on a log and a store. */
export function reviewDesk(ports: ReviewDeskPorts): ReviewDesk {
  return {
    queue: ports.store.reviewQueue,
    decide: (lane, questionId, deciding) => decide(ports, lane, questionId, deciding),
    undo: (lane, questionId, by, revision) => undo(ports, lane, questionId, by, revision),
  };
}

async function decide(
  ports: ReviewDeskPorts,
  lane: LaneName,
  questionId: QuestionId,
  deciding: Deciding,
): Promise<Decided> {
  const { reviewer, token, revision, verdict, reason } = deciding;
  const { reviewQueue } = ports.store;
  const entry = await reviewQueue.find(lane, questionId);
  if (entry === undefined) return neverWaited(lane, questionId);
  if (entry.state !== 'waiting' || entry.revision !== revision)
    return refused('decided', 'Somebody decided about this revision meanwhile.');
  if (!(await reviewQueue.holds(lane, questionId, token)))
    return refused('claim_lost', 'Your claim ran out, or another has it: claim it again.');
  const edited = verdict === 'edit' ? await fitting(entry, deciding.candidate) : undefined;
  if (edited?.kind === 'refused') return edited;
  const said = { reviewer, verdict, reason, ...(edited && { candidate: edited.candidate }) };
  return tell(ports, entry, { ...said, judge: judgedAs(entry.message.review), at: now() });
}

/** The decision counted as a revision, so what takes it back is about the next one. */
async function undo(
  ports: ReviewDeskPorts,
  lane: LaneName,
  questionId: QuestionId,
  reviewer: string,
  revision: number,
): Promise<Decided> {
  const entry = await ports.store.reviewQueue.find(lane, questionId);
  if (entry === undefined) return neverWaited(lane, questionId);
  if (entry.state === 'waiting' || entry.revision !== revision)
    return refused('not_the_last', 'This decision was taken back, or is not the last one.');
  const { message } = entry;
  const decided = { ...entry, message: { ...message, revision: revision + 1 } };
  const judge = judgedAs(message.review);
  return tell(ports, decided, { reviewer, verdict: 'undo', reason: '', judge, at: now() });
}

/** The log has it before the review queue: whatever dies in between, the worker of the topic tells the queue again. */
async function tell(
  { log, store, namespace }: ReviewDeskPorts,
  { message: shown, shadow, lane, questionId }: ReviewQueueEntry,
  decision: Decision,
): Promise<Decided> {
  // What died since it was held and was sent again outranks what the person was shown.
  const drive = Math.max(shown.drive, await store.reports.driveOf(lane, questionId));
  const message = { ...shown, drive };
  const verdict = { ...message, shadow, decision };
  await log.publish(topicsOf(namespace).verdicts, [recordOf(questionId, verdict)]);
  const existing = await store.reviewQueue.keep(workKeyOf('verdicts', message), decision);
  if (!isSame(existing, decision))
    return refused('decided', `${existing.reviewer} decided about this revision before.`);
  return { kind: 'decided', revision: message.revision + 1 };
}

function isSame(one: Decision, other: Decision): boolean {
  return one.at === other.at && one.reviewer === other.reviewer && one.verdict === other.verdict;
}

/** The candidate as it is stored, or where it does not fit its training type or the tools of its question. */
async function fitting({ message }: ReviewQueueEntry, candidate: unknown): Promise<Fits | Refused> {
  const { question } = message;
  const type = typeOfCandidate(candidate, question) ?? trainingTypeNamed(question.trainingType);
  try {
    const { value } = type.parse(candidate, question);
    const fault = (await callCheckOf(type, question.tools))(value);
    if (fault === undefined) return { kind: 'fits', candidate: value };
    return refused('not_a_candidate', `A call does not fit the tools:\n${fault}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const issues = candidateIssues(type.candidate, candidate);
    return { ...refused('not_a_candidate', error.message), issues };
  }
}

const neverWaited = (lane: LaneName, questionId: QuestionId): Refused =>
  refused('not_waiting', `Question ${questionId} of lane ${lane} never waited for a person.`);

const refused = (why: Refused['why'], detail: string): Refused => ({ kind: 'refused', why, detail });

const now = (): string => new Date().toISOString();
