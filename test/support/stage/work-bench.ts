import { InHand } from '../../../src/streams/delivery/in-hand.ts';
import { PublishedMarks } from '../../../src/streams/delivery/published-marks.ts';
import type { Stage } from '../../../src/streams/delivery/stage.ts';
import type { StageEvent } from '../../../src/streams/delivery/stage-events.ts';
import { DeliveryWorker, type WorkDeps } from '../../../src/streams/delivery/work-delivery.ts';
import type { LogRecord } from '../../../src/streams/log/log.ts';
import { Leases } from '../../../src/streams/work/leases.ts';
import { persistThrough } from '../../../src/streams/work/persist.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { UnsavedWrites } from '../../../src/streams/work/unsaved-writes.ts';
import { FakeJournal } from '../fakes/fake-journal.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { FakeStatuses } from '../fakes/fake-question-book.ts';
import { FakeWorkStore } from '../fakes/fake-work-store.ts';
import { testStop } from './stop-signals.ts';
import { testEndpoint } from './test-endpoint.ts';
import { type TestMessage, testStage } from './test-stage.ts';

/** One stage's delivery worker on fakes that write down in one journal what is done in which order. */
export function workBench(overrides: Partial<Stage<TestMessage, string>> = {}) {
  const journal: string[] = [];
  const events: StageEvent[] = [];
  const stop = testStop();
  const log = new FakeLog({ journal });
  const questions = new FakeStatuses(journal);
  const store = new FakeWorkStore<string>(journal);
  const marks = new PublishedMarks(store);
  const { gate, circuit, endpoint } = testEndpoint(10, stop.signals.draining);
  const emit = (event: StageEvent) => void events.push(event);
  const persist = persistThrough(stop.signals, (failure) =>
    emit({ kind: 'write-waits', stage: 'research', failure }),
  );
  const answers = new FakeJournal();
  const inHand = new InHand();
  const unsaved = new UnsavedWrites({ journal: answers, stop: stop.signals });
  const deps = {
    log,
    questions,
    marks,
    persist,
    leases: new Leases(store),
    inHand,
    gate,
    policy: retryPolicy({ random: () => 0.5 }),
    stop: stop.signals,
    unsaved,
    emit,
  };
  const workWith = (more: Partial<WorkDeps>) => {
    const worker = new DeliveryWorker(testStage(store, overrides), { ...deps, ...more });
    return (record: LogRecord) => worker.work({ record, settle: () => void journal.push('settle') });
  };
  return {
    journal,
    events,
    stop,
    log,
    questions,
    store,
    marks,
    endpoint,
    circuit,
    answers,
    unsaved,
    inHand,
    work: workWith({}),
    workWith,
  };
}
