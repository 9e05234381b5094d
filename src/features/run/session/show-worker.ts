import {
  SHOW_EVERY_MS,
  type WorkerRepository,
  type WorkerState,
} from '../../../stages/store/worker-repository.ts';
import { inTime } from '../../../streams/in-time.ts';
import { lookEvery } from '../../../streams/look-every.ts';

const GOODBYE_MS = 2_000;

export type ShownWorker = Readonly<{ stop(): Promise<void> }>;

/**
 * Shows a process among the workers, now and every few seconds, until stopped. A store that is away is tried again at the next
 * turn; nothing waits for it.
 */
export function showWorker(workers: WorkerRepository, id: string, state: () => WorkerState): ShownWorker {
  const showing = lookEvery(SHOW_EVERY_MS, () => workers.show(state()));
  showing.now();
  const goodbye = async () => {
    await showing.stop();
    await workers.remove(id).catch(() => undefined);
  };
  return { stop: () => inTime(goodbye(), GOODBYE_MS, () => undefined) };
}
