import { expect } from 'vitest';
import { BlockEventLoop } from '../faults/block-event-loop.ts';
import { ComeAndGo } from '../faults/come-and-go.ts';
import { KillAtPublish } from '../faults/kill-at-publish.ts';
import { KillInCall } from '../faults/kill-in-call.ts';
import { KillWorker } from '../faults/kill-worker.ts';
import { RestartWorkers } from '../faults/restart-workers.ts';
import { StopWorker } from '../faults/stop-worker.ts';
import type { Row } from '../table.ts';
import type { Trial } from '../trial.ts';
import { BOTH, DISTRIBUTED, HASTY, HEALTHY, type Scenario, times } from './scenario.ts';

const noRepeats = ({ repeated }: Row) => expect(repeated, 'calls made again').toBe(0);
const nothingTwice = (_: Row, trial: Trial) =>
  expect(trial.cameTwice(), 'answers that came twice').toEqual([]);
const TOPICS = ['research', 'generation', 'review', 'storage', 'dataset'] as const;

/** What may happen to workers. */
export const workerScenarios: readonly Scenario[] = [
  {
    name: 'kill -9 of random workers, 20 times',
    engines: BOTH,
    questions: 200,
    // Nobody takes over what waits in the journal of one that is still starting again.
    env: { ...HASTY, MILLRACE_LEASE_MS: '30000' },
    pace: 20,
    faults: () => times(20, () => new KillWorker('itself')),
    expects: nothingTwice,
  },
  {
    name: 'rolling SIGTERM restarts, 5 rounds',
    engines: BOTH,
    questions: 120,
    faults: () => times(5, () => new RestartWorkers()),
    expects: noRepeats,
  },
  {
    name: 'kill before and after each publish',
    engines: BOTH,
    questions: 1,
    script: { latencyMs: 20 },
    env: { ...HASTY, MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '3000' },
    startsIdle: true,
    faults: () =>
      TOPICS.flatMap((topic) => [new KillAtPublish(topic, 'before'), new KillAtPublish(topic, 'after')]),
    expects: (row) => {
      noRepeats(row);
      expect(row.started).toBe(3);
    },
  },
  {
    name: 'kill -9 of all workers during calls',
    engines: BOTH,
    questions: 40,
    env: HASTY,
    faults: () => [new KillInCall(HEALTHY)],
    expects: nothingTwice,
  },
  {
    name: 'two members join and leave every 3 s',
    engines: DISTRIBUTED,
    questions: 120,
    faults: () => times(6, () => new ComeAndGo(3_000)),
    expects: noRepeats,
  },
  {
    name: 'event loop blocked beyond the session',
    engines: BOTH,
    questions: 80,
    env: HASTY,
    faults: () => [new BlockEventLoop(12_000)],
  },
  {
    name: 'SIGSTOP beyond lease and session',
    engines: BOTH,
    questions: 80,
    env: HASTY,
    faults: () => times(2, () => new StopWorker(20_000)),
  },
];
