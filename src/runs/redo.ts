import { filter, first, firstValueFrom, interval, merge, startWith, switchMap } from 'rxjs';
import { startReplay } from '../pipeline.ts';
import { MAIN_LANE } from '../stages/lane.ts';
import { decodeMessage, reviewMessage, workKeyOf } from '../stages/message.ts';
import { questionIdOf } from '../stages/question.ts';
import type { Reprocess } from '../stages/replay.ts';
import { type AgentStage, groupOf, topicsOf } from '../stages/stage-names.ts';
import type { Offset } from '../streams/log.ts';
import { readTopic } from '../streams/read-topic.ts';
import type { QuestionId } from '../streams/work.ts';
import type { Asked } from './intake.ts';
import type { Session } from './session.ts';

const LOOK_MS = 100;

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
  const topic = topicsOf(session.namespace)[stage];
  const until = await session.engine.log.endOffsets(topic);
  const group = `${groupOf(session.namespace, stage)}.replay.${run}`;
  const highest =
    stage === 'review' ? await highestRevisions(session, topic, `${group}.scan`, until) : new Map();
  const replay: Reprocess = {
    mode: 'reprocess',
    stage,
    group,
    source: MAIN_LANE,
    into: session.lane.name,
    until,
    revisionOf: (questionId) => highest.get(questionId) ?? 0,
    includes: ({ questionId }) => session.engine.store.runs.includes(run, questionId),
    enrol: async () => undefined,
  };
  const running = startReplay(session.pipeline, replay);
  running.done.catch(session.fail);
  await Promise.race([untilRead(session, group, topic, until), session.broken, running.done]);
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
    const named = { ...(id === undefined ? {} : { id }), ...(metadata === undefined ? {} : { metadata }) };
    await engine.store.questions.accept(work, question, { run, position, ...named });
    position += 1;
  }
  return position;
}

/** Each question's highest revision that was reviewed, of those that were ever sent back. */
async function highestRevisions(
  session: Session,
  topic: string,
  group: string,
  until: ReadonlyMap<number, Offset>,
): Promise<Map<QuestionId, number>> {
  const highest = new Map<QuestionId, number>();
  await readTopic(session.engine.log, { topic, group, until }, (record) => {
    try {
      const { lane, questionId, revision } = workKeyOf('review', decodeMessage(reviewMessage, record));
      if (lane === MAIN_LANE && revision > (highest.get(questionId) ?? 0)) highest.set(questionId, revision);
    } catch {
      // A record that is no message became a dead letter when it first came.
    }
  });
  return highest;
}

async function untilRead(
  { engine, events }: Session,
  group: string,
  topic: string,
  until: ReadonlyMap<number, Offset>,
): Promise<void> {
  const read = async () => {
    const committed = await engine.log.committedOffsets(group, topic);
    return [...until].every(([partition, end]) => end === 0n || (committed.get(partition) ?? 0n) >= end);
  };
  const looks = merge(interval(LOOK_MS), events.pipe(filter(({ kind }) => kind === 'outcome')));
  await firstValueFrom(looks.pipe(startWith(undefined), switchMap(read), first(Boolean)), {
    defaultValue: true,
  });
}
