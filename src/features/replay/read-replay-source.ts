import { randomUUID } from 'node:crypto';
import type { Replay } from '../../stages/lanes/replay.ts';
import { startReplay } from '../../stages/pipeline.ts';
import { agentNamed, topicOf } from '../../stages/stage-names.ts';
import { statusBefore } from '../../stages/status.ts';
import type { ReplayPlan } from '../../stages/store/replay-plan.ts';
import type { Store } from '../../stages/store/store.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import { isCommitted } from '../../streams/log/is-committed.ts';
import type { Log } from '../../streams/log/log.ts';
import type { Session } from '../run/session/session.ts';
import type { ReplayTally } from './replay-tally.ts';
import { revisionsToReplay } from './revisions.ts';
import { selectionOf } from './selection.ts';
import { untilRead } from './until-read.ts';

/** Reads the source up to its pinned end, from where the group stands. Answers false where a stop came first. */
export async function readReplaySource(
  session: Session,
  plan: ReplayPlan,
  tally: ReplayTally,
): Promise<boolean> {
  const { engine, namespace, pipeline, events } = session;
  const { group, wish: request, end: until } = plan;
  const reading = { group, topic: topicOf(namespace, request.stage), until };
  await place(engine.log, plan, reading.topic);
  const replay = await replayOf(engine.log, engine.store, plan, reading.topic);
  const running = startReplay(
    {
      ...pipeline,
      onEvent: (event) => {
        tally.onEvent(event);
        events.next(event);
      },
    },
    replay,
  );
  running.done.catch(session.fail);
  await Promise.race([untilRead(session, reading), session.broken, running.done]);
  await running.drain();
  if (!(await isCommitted(engine.log, reading))) return false;
  tally.readAll();
  await engine.store.replays.markRead(plan.name, new Date().toISOString());
  // Another process may still be in it; then it is the one that deletes it.
  await engine.log.deleteGroup(group).catch(() => undefined);
  return true;
}

/** A new group starts where the plan says; one that has read before stays where it is. */
async function place(log: Log, { group, begin }: ReplayPlan, topic: string): Promise<void> {
  if ((await log.committedOffsets(group, topic)).size > 0) return;
  try {
    await log.setOffsets(group, topic, begin);
  } catch (error) {
    // Two processes that start the same replay: the other one was faster.
    if (asFailure(error).code !== 'group_in_use') throw error;
  }
}

async function replayOf(log: Log, store: Store, plan: ReplayPlan, topic: string): Promise<Replay> {
  const { name, group, wish: request, begin: from, end: until } = plan;
  const { source, mode } = request;
  const reread = { group, source, until, includes: selectionOf(store.reports, request) };
  if (mode === 'republish') return { ...reread, mode, stage: request.stage };
  const stage = agentNamed(request.stage);
  if (stage === undefined)
    throw new Failure('fatal', 'bad_replay', `${request.stage} asks no model: it cannot be reprocessed.`);
  const added = (await store.lanes.get(name))?.recipes.stages;
  const range = { topic, group: `${group}.scan-${randomUUID()}`, from, until };
  return {
    ...{ ...reread, mode, stage, into: name },
    revisionOf: await revisionsToReplay(log, stage, source, range),
    enrol: async (work, question) => {
      await store.questions.accept(work, question, undefined);
      await store.move({ work, status: statusBefore(stage, added) });
    },
  };
}
