import { modelScenarios } from './model.ts';
import { recordScenarios } from './records.ts';
import type { Scenario } from './scenario.ts';
import { serverScenarios } from './servers.ts';
import { workerScenarios } from './workers.ts';

/** Every case of the suite. */
export const scenarios: readonly Scenario[] = [
  ...workerScenarios,
  ...modelScenarios,
  ...serverScenarios,
  ...recordScenarios,
];
