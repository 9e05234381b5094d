import type { AddedStatus } from '../../streams/delivery/question-status.ts';
import type { StageResult } from '../../streams/delivery/stage.ts';
import { Failure } from '../../streams/failure.ts';
import type { Finished } from '../../streams/work/work.ts';
import type { Additions, Review } from '../example.ts';
import { recordOf } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import type { OurStage } from '../rows.ts';
import { topicOf } from '../stage-names.ts';
import { addedBefore } from './added-before.ts';
import type { AddedStage, Next, StageDecision } from './added-stage.ts';
import { failedPart } from './failures.ts';
import type { AddedMessage } from './message.ts';
import { shownTo } from './shown-to.ts';

export type Deciding = Readonly<{ namespace: string; before: OurStage; maxRevisions: number }>;

type Sent = Parameters<typeof recordOf>[1] & Readonly<Record<string, unknown>>;

const NEXT: Next = {
  emit: (addition) => ({ kind: 'emit', addition }),
  revise: (reason) => ({ kind: 'revise', reason: String(reason) }),
  reject: (reason) => ({ kind: 'reject', reason: String(reason) }),
  fail: (reason) => ({ kind: 'fail', reason: String(reason) }),
};
const KINDS: ReadonlySet<string> = new Set(Object.keys(NEXT));

/** What follows from the result of an added stage: where its record goes on, with what it adds under its name. Throws Failures of kind `poison`. */
export function decided(
  stage: AddedStage,
  message: AddedMessage,
  finished: Finished<unknown>,
  { namespace, before, maxRevisions }: Deciding,
): StageResult {
  const { name } = stage;
  if (finished.result === null) return handedOn(message, stage, { namespace, before });
  const decision = decisionOf(stage, message, finished.result);
  const { lane, revision, drive, question } = message;
  const provenance = [...(message.provenance ?? []), provenanceOf(name, revision, finished)];
  const common = { v: message.v, lane, drive, question, research: message.research, provenance };
  const emit = (topic: OurStage, body: Sent): StageResult => ({
    kind: 'emit',
    status: stage.status as AddedStatus,
    topic: topicOf(namespace, topic),
    records: [recordOf(questionIdOf(question), body)],
  });
  if (decision.kind === 'fail')
    return { kind: 'dead-letter', failure: new Failure('content', 'stage_refused', decision.reason) };
  if (decision.kind === 'emit') {
    const { override: _, ...handedOn } = message;
    return emit(before, {
      ...handedOn,
      provenance,
      added: withAddition(message.added, name, decision.addition),
    });
  }
  const { candidate, added } = message;
  const isWritten = before === 'review' || before === 'storage';
  if (decision.kind === 'revise' && !isWritten)
    throw failedPart(name, 'decide', `it stands before generation, and there is no candidate to revise yet`);
  const review = reviewBy(message.review, decision);
  if (decision.kind === 'revise' && revision < maxRevisions)
    return emit('generation', {
      ...{ ...common, revision: revision + 1, rejection: { candidate, review } },
      added: addedBefore('generation', added),
    });
  if (!isWritten)
    return { kind: 'finish', status: 'rejected', topic: topicOf(namespace, 'dataset'), records: [] };
  return emit('storage', {
    ...common,
    revision,
    candidate,
    review: { ...review, verdict: 'rejected' },
    added,
  });
}

/** As it came: the lane had given the stage up. */
function handedOn(
  { override: _, ...message }: AddedMessage,
  { status }: AddedStage,
  { namespace, before }: Pick<Deciding, 'namespace' | 'before'>,
): StageResult {
  const records = [recordOf(questionIdOf(message.question), message)];
  return { kind: 'emit', status: status as AddedStatus, topic: topicOf(namespace, before), records };
}

function decisionOf(stage: AddedStage, message: AddedMessage, result: unknown): StageDecision {
  let decision: unknown;
  try {
    decision = stage.decide(shownTo(message), result, NEXT);
  } catch (error) {
    throw failedPart(stage.name, 'decide', error);
  }
  if (isDecision(decision)) return decision;
  throw failedPart(
    stage.name,
    'decide',
    `expected what ${[...KINDS].map((kind) => `next.${kind}(…)`).join(', ')} gives`,
  );
}

function isDecision(value: unknown): value is StageDecision {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.has(String(value.kind));
}

function withAddition(added: Additions | undefined, name: string, addition: unknown): Additions | undefined {
  return addition === undefined ? added : { ...added, [name]: addition };
}

/** The verdict of a stage that scores nothing; the judge's scores stay his. */
function reviewBy(
  judge: Review | undefined,
  { kind, reason }: Exclude<StageDecision, { kind: 'emit' }>,
): Review {
  const verdict = kind === 'revise' ? 'revise' : 'rejected';
  return { scores: {}, score: 0, ...judge, verdict, feedback: reason };
}
