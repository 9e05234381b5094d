import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunProgressReader } from '../../../../src/features/run/progress/run-progress.ts';
import { openSession } from '../../../../src/features/run/session/open-session.ts';
import type { Session } from '../../../../src/features/run/session/session.ts';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';
import { questionIdOf } from '../../../../src/stages/question.ts';
import type { Status } from '../../../../src/stages/status.ts';
import { outageSignal } from '../../../support/failures.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { questionOf } from '../../../support/stage/stage-fixtures.ts';
import { attempt, workKey } from '../../../support/stage/work.ts';

const run = 'r1';
let directory: string;
let session: Session;

/** Only the clock is ours: the engine works in real time. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  directory = await mkdtemp(join(tmpdir(), 'millrace-progress-'));
  session = await openSession({ settings: parseSettings({ data: directory, dryRun: true }) });
  await session.engine.store.runs.open({
    id: run,
    lane: session.lane.name,
    startedAt: '2026-01-01',
    input: 'x',
  });
});
afterEach(async () => {
  await session.close();
  vi.useRealTimers();
  await rm(directory, { recursive: true });
});

const keyOf = (number: number, drive = 0) =>
  workKey({ questionId: questionIdOf(questionOf({ text: `Question ${number}` })), drive });

async function ask(count: number): Promise<void> {
  for (let position = 0; position < count; position += 1) {
    const question = questionOf({ text: `Question ${position}` });
    await session.engine.store.questions.accept(keyOf(position), question, { run, position });
  }
}

async function move(from: number, to: number, status: Status, drive = 0): Promise<void> {
  for (let number = from; number < to; number += 1)
    await session.engine.store.move({ work: keyOf(number, drive), status });
}

describe('the progress of a run', () => {
  it('is what its questions have passed, whatever stage they are in', async () => {
    await ask(10);
    await move(0, 2, 'approved');
    await move(2, 3, 'rejected');
    await move(3, 5, 'generated');
    await move(5, 6, 'researched');
    await move(6, 7, 'dead_lettered');
    const { questions, open, stages } = await new RunProgressReader(session, run).read();
    expect([questions, open]).toEqual([10, 6]);
    expect(stages.map(({ stage, done }) => [stage, done])).toEqual([
      ['questions', 7],
      ['research', 6],
      ['generation', 5],
      ['review', 3],
      ['storage', 3],
    ]);
  });

  it('has a rate once something ended, and says how long the rest will take', async () => {
    await ask(10);
    const reader = new RunProgressReader(session, run);
    const before = await reader.read();
    expect([before.questionsPerSecond, before.secondsLeft]).toEqual([undefined, undefined]);
    await move(0, 4, 'approved');
    vi.advanceTimersByTime(2_000);
    const { questionsPerSecond, secondsLeft, elapsedSeconds } = await reader.read();
    expect([questionsPerSecond, secondsLeft, elapsedSeconds]).toEqual([2, 3, 2]);
  });

  it('has the rate of the last half minute', async () => {
    await ask(10);
    const reader = new RunProgressReader(session, run);
    await reader.read();
    await move(0, 9, 'approved');
    vi.advanceTimersByTime(1_000);
    await reader.read();
    vi.advanceTimersByTime(30_000);
    await move(9, 10, 'approved');
    expect((await reader.read()).questionsPerSecond).toBeCloseTo(1 / 30);
  });

  it('has no rate, and none below zero, while ended questions are opened again', async () => {
    await ask(4);
    await move(0, 4, 'dead_lettered');
    const reader = new RunProgressReader(session, run);
    await reader.read();
    await move(0, 3, 'researched', 1);
    vi.advanceTimersByTime(1_000);
    const { questionsPerSecond, secondsLeft, open } = await reader.read();
    expect([open, questionsPerSecond, secondsLeft]).toEqual([3, undefined, undefined]);
    await move(0, 2, 'approved', 1);
    vi.advanceTimersByTime(1_000);
    expect(await reader.read()).toMatchObject({ questionsPerSecond: 2, secondsLeft: 0.5 });
  });

  it('counts failed attempts where they were made', async () => {
    const failure = outageSignal();
    session.events.next({
      kind: 'attempt-failed',
      record: logRecord(),
      stage: 'review',
      work: workKey(),
      attempt: attempt(),
      failure,
    });
    session.events.next({ kind: 'call-started', stage: 'review', work: workKey() });
    const { stages, spent } = await new RunProgressReader(session, run).read();
    expect(stages.find(({ stage }) => stage === 'review')).toMatchObject({ inFlight: 1, failedAttempts: 1 });
    expect(spent.calls).toBe(1);
  });

  it('names the endpoints that do not answer', async () => {
    const [[endpoint, gate] = []] = session.endpoints;
    const circuit = gate?.circuit;
    for (let call = 0; call < 5; call += 1) circuit?.onOutage(outageSignal());
    const { outages } = await new RunProgressReader(session, run).read();
    expect(outages).toMatchObject([{ endpoint, state: { kind: 'open' } }]);
  });
});
