import type { AgentStage } from '../../stages/stage-names.ts';
import type { Settings } from './settings.ts';

/** Calls at once of an agent. */
export function batchSizeOf({ batchSize, concurrency }: Settings, stage: AgentStage): number {
  return concurrency[stage] ?? batchSize;
}
