import type { LogRecord, Offset } from '../streams/log.ts';
import type { Stage } from '../streams/stage.ts';
import type { LaneName, QuestionId, WorkKey } from '../streams/work.ts';
import type { AgentStage } from './stage-names.ts';

/** One stage's topic, read again into another lane. */
export type Replay = Readonly<{
  stage: AgentStage;
  group: string;
  from: LaneName;
  into: LaneName;
  /** Per partition, the offset where the replay ends, pinned at its start. */
  until: ReadonlyMap<number, Offset>;
  /** The revision of a question that is worked again. */
  revisionOf(questionId: QuestionId): number;
  /** Whether the question is meant at all. */
  includes(questionId: QuestionId): Promise<boolean>;
}>;

type Replayable = Readonly<{ lane: LaneName; drive: number }>;

/** The stage, working only what the replay means, in the lane that it opens. */
export function inReplay<Message extends Replayable, Result>(
  stage: Stage<Message, Result>,
  replay: Replay,
): Stage<Message, Result> {
  const workInSource = (message: Message): WorkKey => stage.workOf(message);
  const wanted = async (source: WorkKey, { partition, offset }: LogRecord): Promise<boolean> => {
    const { lane, questionId, revision } = source;
    if (lane !== replay.from || offset >= (replay.until.get(partition) ?? 0n)) return false;
    return revision === replay.revisionOf(questionId) && (await replay.includes(questionId));
  };
  return {
    ...stage,
    wants: (message, record) => wanted(workInSource(message), record),
    workOf: (message) => ({ ...workInSource(message), lane: replay.into, drive: 0 }),
    run: (message, attempt) => stage.run({ ...message, lane: replay.into }, attempt),
    decide: (message, finished) => stage.decide({ ...message, lane: replay.into, drive: 0 }, finished),
  };
}
