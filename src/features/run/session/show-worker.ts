import {
  SHOW_EVERY_MS,
  type WorkerRepository,
  type WorkerState,
} from '../../../stages/store/worker-repository.ts';

const GOODBYE_MS = 2_000;

export type ShownWorker = Readonly<{ stop(): Promise<void> }>;

/**
 * Shows a process in the book, now and every few seconds, until stopped. A book that is away is tried again at the next
 * turn; nothing waits for it.
 */
export function showWorker(book: WorkerRepository, id: string, state: () => WorkerState): ShownWorker {
  let showing: Promise<void> | undefined;
  const show = () => {
    showing ??= book
      .show(state())
      .catch(() => undefined)
      .finally(() => {
        showing = undefined;
      });
  };
  const timer = setInterval(show, SHOW_EVERY_MS);
  timer.unref();
  show();
  const goodbye = async () => {
    await showing;
    await book.remove(id).catch(() => undefined);
  };
  return {
    stop: async () => {
      clearInterval(timer);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, GOODBYE_MS).unref();
      });
      await Promise.race([goodbye(), late]);
    },
  };
}
