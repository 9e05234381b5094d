import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { openDistributed } from './engines/distributed.ts';
import { openEmbeddedEngine } from './engines/embedded.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { runLookUpStorm } from './run-look-up-storm.ts';
import { runScenario } from './run-scenario.ts';
import { runStorm } from './run-storm.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { openStand, openWideStand, type Stand } from './stand.ts';
import { type Row, tableOf } from './table.ts';

/** What `test/faults/main.ts` was asked for. */
export type SuiteOptions = Readonly<{ seed: number; minutes: number; only: string; engine: EngineName | '' }>;

declare module 'vitest' {
  interface ProvidedContext {
    faultSuite: SuiteOptions;
  }
  interface TaskMeta {
    /** What a trial came to, for the table. */
    row?: Row;
  }
}

/** Which storms are played on an engine. */
type Storms = Readonly<{ stormy: boolean; lookingUp: boolean }>;

const NO_STORMS: Storms = { stormy: false, lookingUp: false };
const LOOK_UPS = 'storm while questions are looked up';
const MOST_MS = 30 * 60_000;
const { seed, minutes, only, engine: onlyEngine } = inject('faultSuite');

const chosenBy = (name: string) => new RegExp(only).test(name);

function cases(engine: EngineName, wide: boolean): readonly Scenario[] {
  if (onlyEngine !== '' && onlyEngine !== engine) return [];
  return scenarios.filter(
    (scenario) =>
      scenario.engines.includes(engine) && (scenario.wide ?? false) === wide && chosenBy(scenario.name),
  );
}

function define(
  name: string,
  chosen: readonly Scenario[],
  open: () => Promise<Engine>,
  stand: () => Partial<Stand>,
  { stormy, lookingUp }: Storms,
): void {
  describe(name, () => {
    for (const scenario of chosen)
      it(scenario.name, { timeout: MOST_MS }, async ({ task }) => {
        task.meta.row = await runScenario(scenario, await open(), stand(), seed);
        console.log(tableOf([task.meta.row]));
      });
    it.runIf(stormy)('storm', { timeout: MOST_MS + 2 * minutes * 60_000 }, async ({ task }) => {
      task.meta.row = await runStorm(await open(), stand(), { seed, minutes });
    });
    it.runIf(lookingUp)(LOOK_UPS, { timeout: MOST_MS + 2 * minutes * 60_000 }, async ({ task }) => {
      task.meta.row = await runLookUpStorm(await open(), { seed, minutes });
    });
  });
}

function defineOnServers(
  name: string,
  chosen: readonly Scenario[],
  start: () => Promise<Stand>,
  storms: Storms = NO_STORMS,
): void {
  let stand: Stand | undefined;
  const found = () => {
    if (stand === undefined) throw new Error('the servers did not start');
    return stand;
  };
  describe.skipIf(chosen.length === 0 && !storms.stormy && !storms.lookingUp)(name, () => {
    beforeAll(async () => {
      stand = await start();
    }, MOST_MS);
    afterAll(() => stand?.stop());
    define('', chosen, () => openDistributed(found().servers, 3), found, storms);
  });
}

function stormsOn(engine: EngineName): Storms {
  const wanted = (name: string) =>
    minutes > 0 && chosenBy(name) && (onlyEngine === '' || onlyEngine === engine);
  return { stormy: wanted('storm'), lookingUp: wanted(LOOK_UPS) };
}

define('embedded', cases('embedded', false), openEmbeddedEngine, () => ({}), stormsOn('embedded'));
const distributed = cases('kafka+mongo', false);
defineOnServers('Kafka and MongoDB', distributed, openStand, stormsOn('kafka+mongo'));
defineOnServers('three brokers, three members', cases('kafka+mongo', true), openWideStand);
