import { of } from 'rxjs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runQuestions } from '../../src/features/run/run.ts';
import { openSession } from '../../src/features/run/session/open-session.ts';
import type { Session } from '../../src/features/run/session/session.ts';
import { settingsSchema } from '../../src/infra/config/settings.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import { recordOf } from '../../src/stages/message.ts';
import { type StagePipelineOptions, startReplay } from '../../src/stages/pipeline.ts';
import { topicsOf } from '../../src/stages/stage-names.ts';
import type { StageEvent } from '../../src/streams/delivery/stage-events.ts';
import type { Offset } from '../../src/streams/log/log.ts';
import { outage } from '../support/failures.ts';
import { askedQuestions } from '../support/run/run-here.ts';
import { laneName } from '../support/stage/work.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

/** A person approves what waits; only the log knows of it. */
async function decideOnTopic({ engine, namespace }: Session): Promise<void> {
  const [entry] = (await engine.store.reviewQueue.queue({ lane: MAIN_LANE, limit: 1 })).entries;
  if (entry === undefined) throw new RangeError('nothing waits');
  const said = { reviewer: 'Ann', verdict: 'approve', reason: '', judge: 'approved', at: '2026-01-01' };
  const record = { ...entry.message, decision: said };
  await engine.log.publish(topicsOf(namespace).verdicts, [recordOf(entry.questionId, record)]);
}

it('a decision that the store does not take waits, in growing pauses, and is no failed attempt', async () => {
  const events: StageEvent[] = [];
  const settings = settingsSchema.parse({ data: await tempDir(), simulate: 'latency=0ms', holdShare: 1 });
  const session = await openSession({ settings, onEvent: (event) => void events.push(event) });
  onTestFinished(() => session.close());
  await runQuestions(session, { input: 'test', asked: askedQuestions(1) });
  const { reviewQueue, reports } = session.engine.store;
  const keep = vi.spyOn(reviewQueue, 'keep');
  for (let failures = 0; failures < 3; failures += 1) keep.mockRejectedValueOnce(outage());
  await decideOnTopic(session);
  await until('it is approved', async () => (await reports.counts(MAIN_LANE)).approved === 1);
  const waits = events.filter(({ kind, stage }) => kind === 'write-waits' && stage === 'verdicts');
  expect(waits).toHaveLength(3);
  expect(events.filter(({ kind }) => kind === 'attempt-failed')).toEqual([]);
});

it('a replay that works a stage anew stands still while a person has paused the stage', async () => {
  const session = await openSession({
    settings: settingsSchema.parse({ data: await tempDir(), dryRun: true }),
  });
  onTestFinished(() => session.close());
  const pausedOf = vi.fn<NonNullable<StagePipelineOptions['pausedOf']>>(() => of(true));
  const replay = {
    ...{ group: 'again', source: MAIN_LANE, into: laneName('again'), until: new Map<number, Offset>() },
    ...{ includes: async () => true, revisionOf: () => 0, enrol: async () => undefined },
    mode: 'reprocess',
    stage: 'generation',
  } as const;
  const replaying = startReplay({ ...session.pipeline, pausedOf }, replay);
  expect(pausedOf).toHaveBeenCalledExactlyOnceWith('generation');
  await replaying.drain();
});
