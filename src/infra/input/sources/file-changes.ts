import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/**
 * Says when a file may have changed: by the notifications of its directory, which tell of a file that is replaced or
 * made as well, and every `lookMs` for file systems that send none.
 */
export class FileChanges {
  #changed = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #watcher: FSWatcher | undefined;

  /** @param signal ends every wait. */
  constructor(path: string, lookMs: number, signal: AbortSignal) {
    this.#signal = signal;
    this.#timer = setInterval(this.#wake, lookMs);
    signal.addEventListener('abort', this.#wake, { once: true });
    const name = basename(path);
    try {
      this.#watcher = watch(dirname(resolve(path)), (_event, file) => {
        if (file === null || file === name) this.#wake();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No directory yet, or no notifications left: looking from time to time is slower and finds the same.
    }
  }

  /** Resolves at the first change after this call. Ask before you look, so that no change is missed in between. */
  next(): Promise<void> {
    return this.#signal.aborted ? Promise.resolve() : this.#changed.promise;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.#wake);
    this.#watcher?.close();
  }

  readonly #wake = (): void => {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  };
}
