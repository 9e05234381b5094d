import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runStage } from '../../../src/streams/delivery/run-stage.ts';
import { Failure, NEWER_RECORD, PART_MISSING } from '../../../src/streams/failure.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { FakeStatuses } from '../../support/fakes/fake-question-book.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { logRecord } from '../../support/stage/records.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';
import { testStage } from '../../support/stage/test-stage.ts';

const CREDITS = 8;

/** A stage on a topic whose records at these offsets only a newer version can read. */
function running(count: number, isNewer: (offset: number) => boolean, code = NEWER_RECORD) {
  const records = Array.from({ length: count }, (_, index) =>
    logRecord({ offset: BigInt(index), key: `k${index}`, value: isNewer(index) ? 'newer' : `k${index}#0` }),
  );
  const log = new FakeLog({ partitions: [records], auto: true });
  const stop = testStop();
  const store = new FakeWorkStore<string>([]);
  const stage = testStage(store);
  const decode: typeof stage.decode = (record) => {
    if (record.value === 'newer' && code === NEWER_RECORD)
      throw new Failure('poison', code, `version 2 at ${record.offset}`);
    return record.value === 'newer' ? stage.decode({ ...record, value: 'newer#0' }) : stage.decode(record);
  };
  const accept: NonNullable<typeof stage.accept> = async (message) => {
    if (JSON.stringify(message).includes('newer')) throw new Failure('poison', code, 'a part is missing');
  };
  const { gate } = testEndpoint(4, stop.signals.draining);
  const deps = { log, gate, policy: retryPolicy(), stop: stop.signals, onEvent: () => undefined };
  const questions = new FakeStatuses([]);
  const running = runStage(
    { ...stage, decode, accept },
    { ...deps, questions },
    { group: 'g', credits: CREDITS },
  );
  const published = (topic: string) => log.published.filter((each) => each.topic === topic).length;
  return { running, log, published, committed: () => log.consumerMade.committed.get(0) ?? 0n };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a record that only a newer version can read', () => {
  it('is left where it is: no dead letter, nothing committed past it, and its neighbours go on', async () => {
    const { running: stage, published, committed } = running(30, (offset) => offset === 10);
    await seconds(60);
    expect([published('next'), published('in.dlq')]).toEqual([29, 0]);
    expect(committed()).toBe(10n);
    expect(stage.left()).toMatchObject([{ record: { offset: 10n, value: null }, why: 'version 2 at 10' }]);
    await stage.drain();
    expect(committed()).toBe(10n);
  });

  it('and one whose part is missing here are told apart by their codes', async () => {
    const { running: stage, published } = running(3, (offset) => offset === 1, PART_MISSING);
    await seconds(60);
    expect([published('next'), published('in.dlq')]).toEqual([2, 0]);
    expect(stage.left()).toMatchObject([{ code: PART_MISSING, record: { offset: 1n } }]);
  });

  it('uses up a credit, so that many of them stop the intake and are not gathered without bound', async () => {
    const { running: stage, published, log } = running(1_000, (offset) => offset % 2 === 0);
    await seconds(60);
    const left = stage.left().length;
    expect(left).toBeGreaterThan(CREDITS / 2);
    expect(left).toBeLessThanOrEqual(CREDITS);
    expect(stage.unsettled()).toBe(left);
    expect(published('next')).toBeLessThanOrEqual(2 * CREDITS);
    expect(log.consumerMade.paused).toContain(0);
    await stage.drain();
  });

  it('is another process’s once its partition is', async () => {
    const { running: stage, log } = running(3, (offset) => offset === 1);
    await seconds(1);
    expect(stage.left()).toHaveLength(1);
    log.consumerMade.assign([]);
    expect([stage.left(), stage.unsettled()]).toEqual([[], 0]);
    log.consumerMade.assign([{ partition: 0, kept: false }]);
    await seconds(1);
    expect(stage.left()).toHaveLength(1);
    await stage.drain();
  });
});
