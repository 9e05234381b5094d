import type { Stage } from '../../streams/delivery/stage.ts';
import type { LogRecord, Offset } from '../../streams/log/log.ts';
import type { LaneName, QuestionId, WorkKey } from '../../streams/work/work.ts';
import type { Question } from '../question.ts';
import type { AgentStage, StageName } from '../stage-names.ts';
import { type InLane, inLane, sizeIn } from './in-lane.ts';

/** One lane's records of one stage's topic, read again in a consumer group of its own. */
type Reread = Readonly<{
  group: string;
  source: LaneName;
  /** Per partition, the offset where the replay ends, pinned at its start. */
  until: ReadonlyMap<number, Offset>;
  /** Whether the question is meant at all. `work` is the record's, in the source lane. */
  includes(work: WorkKey, question: Question): Promise<boolean>;
}>;

/** Worked again into another lane, from one agent on. */
export type Reprocess = Reread &
  Readonly<{
    mode: 'reprocess';
    stage: AgentStage;
    into: LaneName;
    /** The revision of a question that is worked again; later ones arise anew. */
    revisionOf(questionId: QuestionId): number;
    /** Lets the question stand in the other lane. Safe to repeat. */
    enrol(work: WorkKey, question: Question): Promise<void>;
  }>;

/** Published again from what is stored, in the lane it came from. Costs no call. */
export type Republish = Reread & Readonly<{ mode: 'republish'; stage: StageName }>;

export type Replay = Reprocess | Republish;

export type Replayable = InLane & Readonly<{ drive: number; question: Question }>;

/** The stage, working only what the replay means, in the lane that it opens. */
export function inReprocess<Message extends Replayable, Result>(
  stage: Stage<Message, Result>,
  replay: Reprocess,
): Stage<Message, Result> {
  const workOf = (message: Message): WorkKey => ({ ...stage.workOf(message), lane: replay.into, drive: 0 });
  const isMeant = ({ questionId, revision }: WorkKey) => revision === replay.revisionOf(questionId);
  return {
    ...stage,
    ownTrace: true,
    undecodable: 'pass-over',
    wants: (message, record) => isWanted(stage.workOf(message), message, record, replay, isMeant),
    accept: async (message) => {
      await stage.accept?.({ ...message, lane: replay.into });
      await replay.enrol(workOf(message), message.question);
    },
    workOf,
    // What an operator changed for one work in the source lane is no recipe of this one.
    mostAttempts: () => undefined,
    ...sizeIn(stage, replay.into),
    free: async (message) => stage.free?.(inLane(message, replay.into)),
    run: (message, attempt) => stage.run(inLane(message, replay.into), attempt),
    decide: (message, finished) => stage.decide({ ...message, lane: replay.into, drive: 0 }, finished),
  };
}

/** The stage, publishing what it has stored and nothing else: what is not done is left to those who work the stage. */
export function inRepublish<Message extends Replayable, Result>(
  { accept: _, ...stage }: Stage<Message, Result>,
  replay: Republish,
): Stage<Message, Result> {
  return {
    ...stage,
    undecodable: 'pass-over',
    wants: (message, record) => isWanted(stage.workOf(message), message, record, replay, () => true),
    recall: (message) => stage.store.find(stage.workOf(message)),
  };
}

async function isWanted(
  work: WorkKey,
  { question }: Replayable,
  { partition, offset }: LogRecord,
  { source, until, includes }: Reread,
  isMeant: (work: WorkKey) => boolean,
): Promise<boolean> {
  if (work.lane !== source || offset >= (until.get(partition) ?? 0n) || !isMeant(work)) return false;
  return includes(work, question);
}
