import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import type { Reprocess } from '../../stages/lanes/replay.ts';
import { startReplay } from '../../stages/pipeline.ts';
import { questionIdOf } from '../../stages/question.ts';
import { type AgentStage, groupOf, topicOf } from '../../stages/stage-names.ts';
import { withoutUndefined } from '../../streams/without-undefined.ts';
import type { Asked } from '../questions/question-record.ts';
import { revisionsToReplay } from '../replay/revisions.ts';
import { untilRead } from '../replay/until-read.ts';
import type { Session } from './session/session.ts';

/**
 * Works the run's questions again from one agent on, in the session's lane, resting on what the stages before it made
 * in `main`. Resolves when the topic was read to its end; the questions then flow on like any others. Those that `main`
 * never brought so far are still `pending` afterwards.
 */
export async function redo(
  session: Session,
  run: string,
  stage: AgentStage,
  asked: AsyncIterable<Asked>,
): Promise<number> {
  const count = await enrol(session, run, asked);
  const topic = topicOf(session.namespace, stage);
  const until = await session.engine.log.endOffsets(topic);
  const group = `${groupOf(session.namespace, stage)}.replay.${run}`;
  const begin = await session.engine.log.beginningOffsets(topic);
  const range = { topic, group: `${group}.scan`, from: begin, until };
  const revisionOf = await revisionsToReplay(session.engine.log, stage, MAIN_LANE, range);
  const replay: Reprocess = {
    mode: 'reprocess',
    stage,
    group,
    source: MAIN_LANE,
    into: session.lane.name,
    until,
    revisionOf,
    includes: ({ questionId }) => session.engine.store.runs.includes(run, questionId),
    enrol: async () => undefined,
  };
  const running = startReplay(session.pipeline, replay);
  running.done.catch(session.fail);
  await Promise.race([untilRead(session, { group, topic, until }), session.broken, running.done]);
  await running.drain();
  return count;
}

async function enrol(session: Session, run: string, asked: AsyncIterable<Asked>): Promise<number> {
  const { engine, lane } = session;
  let position = 0;
  for await (const { question, id, metadata } of asked) {
    const work = {
      lane: lane.name,
      questionId: questionIdOf(question),
      stage: 'questions',
      revision: 0,
      drive: 0,
    };
    const submission = { run, position, ...withoutUndefined({ id, metadata }) };
    await engine.store.questions.accept(work, question, submission);
    position += 1;
  }
  return position;
}
