import { shadowStageOf } from '../../stages/judges/shadow-name.ts';
import type { WorkerRepository } from '../../stages/store/worker-repository.ts';

/** Whether some process works the shadow judge now, or did a moment ago. An embedded log does not know who reads it. */
export async function isAtWork(workers: Pick<WorkerRepository, 'list'>, name: string): Promise<boolean> {
  const shown = await workers.list();
  return shown.some(({ worker }) => worker.stages.some(({ stage }) => stage === shadowStageOf(name)));
}
