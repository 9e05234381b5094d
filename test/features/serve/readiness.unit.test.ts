import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/features/run/session/session.ts';
import { StopController } from '../../../src/features/run/session/stop-controller.ts';
import { reasonsNotReady } from '../../../src/features/serve/readiness.ts';
import { Alarms } from '../../../src/streams/alarms.ts';
import type { RunningStage } from '../../../src/streams/delivery/run-stage.ts';

/** A process whose stages have so many partitions. */
function processWith(
  partitions: Readonly<Record<string, number>>,
  ofShadows: Readonly<Record<string, number>> = {},
) {
  const stages = stagesWith(partitions) as Session['stages'];
  const shadows = { stages: stagesWith(ofShadows) };
  return { stop: new StopController(), stages, shadows, alarms: new Alarms() };
}

function stagesWith(partitions: Readonly<Record<string, number>>) {
  const stages = Object.entries(partitions).map(([name, count]) => {
    const still = {
      unsettled: () => 0,
      oldest: () => undefined,
      left: () => [],
      leases: () => 0,
      credits: 1,
    };
    const ends = { done: Promise.resolve(), drain: async () => undefined };
    return [name, { name, partitions: () => count, ...still, ...ends }] as const;
  });
  return new Map<string, RunningStage>(stages);
}

const codesOf = (process: Parameters<typeof reasonsNotReady>[0]) =>
  reasonsNotReady(process).map(({ code, subject }) => `${code} ${subject}`);

describe('a process is ready', () => {
  it('once each of its stages has partitions', () => {
    expect(codesOf(processWith({ research: 3, storage: 0 }))).toEqual(['no_partitions_yet storage']);
    expect(codesOf(processWith({ research: 3, storage: 1 }))).toEqual([]);
  });

  it("also where others read all of people's verdicts, which no stage of its own waits for", () => {
    expect(codesOf(processWith({ storage: 1, verdicts: 0 }))).toEqual([]);
  });

  it('whatever its shadow judges do, unless they are all that it works', () => {
    expect(codesOf(processWith({ review: 1 }, { 'shadow strict': 0 }))).toEqual([]);
    expect(codesOf(processWith({}, { 'shadow strict': 0 }))).toEqual(['no_partitions_yet shadow strict']);
  });

  it('unless an alarm is open, or it is about to end', () => {
    const process = processWith({ storage: 1 });
    process.alarms.raise('stage_stalled', 'storage', 'It stands still.');
    expect(codesOf(process)).toEqual(['stage_stalled storage']);
    process.stop.drain();
    expect(codesOf(process)).toEqual(['stopping process']);
  });
});
