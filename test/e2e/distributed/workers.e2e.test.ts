import { expect, it } from 'vitest';
import { openDistributed } from '../../faults/engines/distributed.ts';
import { ConsoleQuestions, ForeignQuestions, Garbage } from '../../faults/faults/foreign-records.ts';
import { KillWorker } from '../../faults/faults/kill-worker.ts';
import { AddPartitions, ForgetOffsets } from '../../faults/faults/lost-positions.ts';
import { RestartWorkers } from '../../faults/faults/restart-workers.ts';
import { StopWorker } from '../../faults/faults/stop-worker.ts';
import { runScenario } from '../../faults/run-scenario.ts';
import { DISTRIBUTED, HASTY, type Scenario, times } from '../../faults/scenarios/scenario.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';

/** The complete suite is `npm run test:faults`. */
const SEED = 20_260_103;
const MOST_MS = 600_000;

await describeOnServers('three workers on Kafka and MongoDB', (servers) => {
  const play = async (scenario: Omit<Scenario, 'engines'>) =>
    runScenario({ ...scenario, engines: DISTRIBUTED }, await openDistributed(servers), { servers }, SEED);

  it('end every question once, though workers are killed again and again', { timeout: MOST_MS }, async () => {
    const row = await play({
      ...{ name: 'kill -9', questions: 50, env: HASTY, pace: 15 },
      faults: () => times(5, () => new KillWorker()),
    });
    expect(row.questions).toBe(50);
  });

  it('pay for no call again: rolling restarts, offsets deleted, partitions added, garbage and other clients', {
    timeout: MOST_MS,
  }, async () => {
    const row = await play({
      ...{ name: 'rolling restart and more', questions: 60, pace: 10 },
      faults: () => [
        new RestartWorkers(),
        new Garbage(),
        new ForeignQuestions(),
        new ConsoleQuestions(servers.kafka),
        new AddPartitions(9),
        new ForgetOffsets(),
      ],
    });
    // Two million characters are too long for a question, and three records of each topic are none of ours.
    expect(row).toMatchObject({ questions: 65, repeated: 0, dead: 16 });
  });

  it('finish what a worker left that stood still beyond its lease and its session', {
    timeout: MOST_MS,
  }, async () => {
    const env = { MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '3000', MILLRACE_LEASE_MS: '3000' };
    const row = await play({
      ...{ name: 'SIGSTOP', questions: 40, env },
      faults: () => [new StopWorker(8_000)],
    });
    expect(row.questions).toBe(40);
  });
});
