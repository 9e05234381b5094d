import { HttpProblem } from '../../infra/http/problem.ts';
import { judgedAs } from '../../stages/example.ts';
import { recordOf, workKeyOf } from '../../stages/message.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { Decision } from '../../stages/store/decision.ts';
import type { DeskEntry } from '../../stages/store/desk.ts';
import type { Store } from '../../stages/store/store.ts';
import { trainingTypeNamed } from '../../stages/training-types/index.ts';
import { Failure } from '../../streams/failure.ts';
import type { Log } from '../../streams/log/log.ts';
import type { LaneName, QuestionId } from '../../streams/work/work.ts';
import { candidateIssues } from './candidate-issues.ts';
import type { Deciding, ReviewDesk } from './http/review-desk.ts';

export type DeskPorts = Readonly<{
  log: Pick<Log, 'publish'>;
  store: Pick<Store, 'desk' | 'reports'>;
  namespace: string;
}>;

/** The review desk on a log and a store. */
export function reviewDesk(ports: DeskPorts): ReviewDesk {
  return {
    book: ports.store.desk,
    decide: (lane, questionId, deciding) => decide(ports, lane, questionId, deciding),
    undo: (lane, questionId, by, revision) => undo(ports, lane, questionId, by, revision),
  };
}

async function decide(ports: DeskPorts, lane: LaneName, questionId: QuestionId, deciding: Deciding) {
  const { reviewer, token, revision, verdict, reason } = deciding;
  const { desk } = ports.store;
  const entry = await entryFor(ports, lane, questionId);
  if (entry.state !== 'waiting' || entry.revision !== revision)
    throw new HttpProblem(409, 'decided', 'Somebody decided about this revision meanwhile.');
  if (!(await desk.holds(lane, questionId, token)))
    throw new HttpProblem(409, 'claim_lost', 'Your claim ran out, or another has it: claim it again.');
  const edited = verdict === 'edit' ? { candidate: fitting(entry, deciding.candidate) } : {};
  const said = { reviewer, verdict, reason, ...edited };
  return tell(ports, entry, { ...said, judge: judgedAs(entry.message.review), at: now() });
}

/** The decision counted as a revision, so what takes it back is about the next one. */
async function undo(
  ports: DeskPorts,
  lane: LaneName,
  questionId: QuestionId,
  reviewer: string,
  revision: number,
) {
  const entry = await entryFor(ports, lane, questionId);
  if (entry.state === 'waiting' || entry.revision !== revision)
    throw new HttpProblem(409, 'not_the_last', 'This decision was taken back, or is not the last one.');
  const { message } = entry;
  const decided = { ...entry, message: { ...message, revision: revision + 1 } };
  const judge = judgedAs(message.review);
  return tell(ports, decided, { reviewer, verdict: 'undo', reason: '', judge, at: now() });
}

/** The log has it before the desk: whatever dies in between, the worker of the topic tells the desk again. */
async function tell(
  { log, store, namespace }: DeskPorts,
  { message: shown, shadow, lane, questionId }: DeskEntry,
  decision: Decision,
) {
  // What died since it was held and was sent again outranks what the desk was shown.
  const drive = Math.max(shown.drive, await store.reports.driveOf(lane, questionId));
  const message = { ...shown, drive };
  const verdict = { ...message, shadow, decision };
  await log.publish(topicsOf(namespace).verdicts, [recordOf(questionId, verdict)]);
  const standing = await store.desk.keep(workKeyOf('verdicts', message), decision);
  if (!isSame(standing, decision))
    throw new HttpProblem(409, 'decided', `${standing.reviewer} decided about this revision before.`);
  return message.revision + 1;
}

function isSame(one: Decision, other: Decision): boolean {
  return one.at === other.at && one.reviewer === other.reviewer && one.verdict === other.verdict;
}

async function entryFor({ store }: DeskPorts, lane: LaneName, questionId: QuestionId): Promise<DeskEntry> {
  const entry = await store.desk.find(lane, questionId);
  if (entry !== undefined) return entry;
  throw new HttpProblem(
    404,
    'not_waiting',
    `Question ${questionId} of lane ${lane} never waited for a person.`,
  );
}

/** The candidate as it is stored. Throws a 422 that says where it does not fit its training type. */
function fitting({ message }: DeskEntry, candidate: unknown): unknown {
  const type = trainingTypeNamed(message.question.trainingType);
  try {
    return type.parse(candidate).value;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const members = { issues: candidateIssues(type.candidate, candidate) };
    throw new HttpProblem(422, 'not_a_candidate', error.message, { cause: error, members });
  }
}

const now = (): string => new Date().toISOString();
