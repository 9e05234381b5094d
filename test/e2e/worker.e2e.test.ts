import { describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../faults/engines/embedded.ts';
import { ForeignQuestions, Garbage } from '../faults/faults/foreign-records.ts';
import { KillInCall } from '../faults/faults/kill-in-call.ts';
import { ForgetOffsets } from '../faults/faults/lost-positions.ts';
import { RestartWorkers } from '../faults/faults/restart-workers.ts';
import { runScenario } from '../faults/run-scenario.ts';
import { BOTH, HEALTHY, type Scenario } from '../faults/scenarios/scenario.ts';

/** The complete suite is `npm run test:faults`. */
const SEED = 20_260_104;

describe('a worker on a data directory', () => {
  const play = async (scenario: Omit<Scenario, 'engines'>) =>
    runScenario({ ...scenario, engines: BOTH }, await openEmbeddedEngine(), {}, SEED);

  it('pays for no call again: restarts, offsets deleted, garbage, another client', async () => {
    const row = await play({
      ...{ name: 'embedded worker', questions: 30, pace: 8 },
      faults: () => [new RestartWorkers(), new Garbage(), new ForeignQuestions(), new ForgetOffsets()],
    });
    expect(row).toMatchObject({ questions: 33, repeated: 0, dead: 16 });
  });

  it('makes only those calls again that were in flight when it was killed', async () => {
    const row = await play({
      ...{ name: 'embedded worker killed in calls', questions: 20 },
      faults: () => [new KillInCall(HEALTHY)],
    });
    expect(row.repeated).toBeGreaterThan(0);
    expect(row.repeated).toBeLessThanOrEqual(12);
  });
});
