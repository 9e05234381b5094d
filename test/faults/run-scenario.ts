import type { Engine } from './engines/engine.ts';
import { HEALTHY, type Scenario } from './scenarios/scenario.ts';
import type { Stand } from './stand.ts';
import type { Row } from './table.ts';
import { Trial } from './trial.ts';

const PARTITIONS = 6;
const PACE = 12;

/** Plays a scenario on an engine: workers at work, one fault after the other, and then the checker. */
export async function runScenario(
  scenario: Scenario,
  engine: Engine,
  stand: Partial<Stand>,
  seed: number,
): Promise<Row> {
  const { name, questions, batch = 4, workers = 3, script = HEALTHY, env = {} } = scenario;
  const { startsIdle = false, bare = false } = scenario;
  const atOnce = engine.workers === 1 ? 1 : workers;
  const trial = await Trial.open({
    ...{ name, engine, questions, seed, batch, bare },
    script: { seed, ...script },
    env: { MILLRACE_PARTITIONS: String(PARTITIONS), ...env },
    links: {
      ...(stand.kafkaLink === undefined ? {} : { kafka: stand.kafkaLink }),
      ...(stand.mongoLink === undefined ? {} : { mongo: stand.mongoLink }),
    },
  });
  if (!startsIdle) await trial.startWorkers(atOnce);
  for (const fault of scenario.faults(stand)) {
    if (!startsIdle) await trial.untilDone(scenario.pace ?? PACE);
    await fault.strike(trial);
    if (!bare && trial.fleet.living.length > 0) await trial.untilRecovered();
  }
  if (bare) await trial.ask(questions);
  if (trial.fleet.living.length === 0) await trial.startWorkers(atOnce);
  await trial.expectKeptAtWork();
  const row = await trial.judge();
  await scenario.expects?.(row, trial);
  return row;
}
