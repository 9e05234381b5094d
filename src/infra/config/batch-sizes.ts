import type { AgentStage } from '../../stages/stage-names.ts';
import type { Settings } from './settings.ts';

/** Calls at once, per agent. */
export function batchSizesOf({ batchSize, concurrency }: Settings): Record<AgentStage, number> {
  return {
    research: concurrency.research ?? batchSize,
    generation: concurrency.generation ?? batchSize,
    review: concurrency.review ?? batchSize,
  };
}
