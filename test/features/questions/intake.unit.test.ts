import { expect, it } from 'vitest';
import { intake } from '../../../src/features/questions/intake.ts';
import type { Asked } from '../../../src/features/questions/question-record.ts';
import { StopController } from '../../../src/features/run/session/stop-controller.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { persistThrough } from '../../../src/streams/work/persist.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { heldMemory } from '../../support/held-memory.ts';
import { askedQuestions } from '../../support/run/run-here.ts';

function rig() {
  const log = new FakeLog();
  const stop = new StopController();
  const common = { log, namespace: 'test', lane: { name: MAIN_LANE }, run: 'run-1', stop: stop.signals };
  return { log, stop, common };
}

async function* all(count: number, onTaken: (number: number) => void): AsyncGenerator<Asked> {
  let taken = 0;
  for await (const each of askedQuestions(count)) {
    taken += 1;
    onTaken(taken);
    yield each;
  }
}

it('publishes every question with who asked it and where it stood', async () => {
  const { log, common } = rig();
  const counts: number[] = [];
  const { published } = await intake(askedQuestions(3), {
    ...common,
    onAccepted: (count) => counts.push(count),
  });
  expect([published, counts]).toEqual([3, [1, 2, 3]]);
  const submissions = log.published.map(({ record }) => JSON.parse(String(record.value)).submission);
  expect(submissions).toEqual([0, 1, 2].map((position) => ({ run: 'run-1', position, id: `q-${position}` })));
});

it('takes no more than it was told to', async () => {
  const { log, common } = rig();
  let furthest = 0;
  const asked = all(10, (number) => {
    furthest = number;
  });
  expect((await intake(asked, { ...common, maxQuestions: 4 })).published).toBe(4);
  expect([log.published.length, furthest]).toEqual([4, 4]);
});

it('ends with the failure of a publish', async () => {
  const { log, common } = rig();
  log.publishFailures.push(new Failure('outage', 'away', 'The broker is away.'));
  expect((await failureOf(() => intake(askedQuestions(3), common))).code).toBe('away');
});

it('holds nothing of the questions that were accepted', async () => {
  const { log, common } = rig();
  log.publish = async () => undefined;
  const held: number[] = [];
  async function* asked() {
    yield* askedQuestions(1_000);
    held.push(await heldMemory());
    yield* askedQuestions(50_000);
    held.push(await heldMemory());
  }
  await intake(asked(), common);
  const [before = 0, after = 0] = held;
  expect(after - before).toBeLessThan(5_000_000);
});

it('waits an outage out where it is told to', async () => {
  const { log, stop, common } = rig();
  log.publishFailures.push(new Failure('outage', 'away', 'The broker is away.'));
  const persist = persistThrough(stop.signals, () => undefined);
  expect((await intake(askedQuestions(3), { ...common, persist })).published).toBe(3);
});

it('counts what was acknowledged and nothing else when it is stopped in an outage', async () => {
  const { log, stop, common } = rig();
  const { draining } = stop.signals;
  let accepted = 0;
  const publish = log.publish.bind(log);
  log.publish = async (topic, records) => {
    if (accepted === 2) throw new Failure('outage', 'away', 'The broker is away.');
    accepted += 1;
    await publish(topic, records);
  };
  const persist = persistThrough({ draining, aborted: draining }, () => stop.drain());
  expect((await intake(askedQuestions(5), { ...common, persist })).published).toBe(2);
});
