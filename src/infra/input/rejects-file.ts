import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../streams/failure.ts';
import type { BadEntry } from './input-entry.ts';

/**
 * Keeps bad entries as JSON Lines, `{file, line, reason, text}`, behind what the file already holds. The file is
 * created, for its owner only, with the first bad entry: a clean input leaves none behind. What cannot be written is a
 * fatal Failure (`rejects_unwritable`).
 */
export class RejectsFile {
  readonly path: string;
  #handle: FileHandle | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Resolves when the entry is written; `file` is the input it came from. Entries stay in the order of the calls. */
  append(file: string, { line, reason, text }: BadEntry): Promise<void> {
    const written = this.#last.then(() => this.#write(`${JSON.stringify({ file, line, reason, text })}\n`));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Waits for what is being written, and closes the file if there is one. */
  async close(): Promise<void> {
    await this.#last;
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #write(text: string): Promise<void> {
    try {
      this.#handle ??= await open(this.path, 'a', 0o600);
      await this.#handle.appendFile(text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `The rejects file ${this.path} could not be written: ${why}`;
      throw new Failure('fatal', 'rejects_unwritable', message, { cause });
    }
  }
}
