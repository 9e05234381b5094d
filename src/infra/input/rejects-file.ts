import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorText, Failure } from '../../streams/failure.ts';
import { systemCode } from '../files/file-failure.ts';
import type { BadEntry } from './input-entry.ts';

/** A file of questions has a few bad lines; one of this size is of something else, and its disk is for better things. */
const MOST_BYTES = 64 * 1_024 * 1_024;
/** A link that came with a folder leads where its author wants. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/**
 * Keeps bad entries as JSON Lines, `{file, line, reason, text}`, behind what the file already holds. The file is
 * created, for its owner only, with the first bad entry: a clean input leaves none behind. What cannot be written is a
 * fatal Failure (`rejects_unwritable`), a symbolic link of its name included. What does not fit in 64 MiB is counted only.
 */
export class RejectsFile {
  readonly path: string;
  readonly #mostBytes: number;
  #handle: FileHandle | undefined;
  #bytes = 0;
  #left = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, mostBytes = MOST_BYTES) {
    this.path = path;
    this.#mostBytes = mostBytes;
  }

  /** How many entries the file had no room for. */
  get left(): number {
    return this.#left;
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
      this.#handle ??= await this.#open();
      const bytes = Buffer.byteLength(text);
      if (this.#left > 0 || this.#bytes + bytes > this.#mostBytes) {
        this.#left += 1;
        return;
      }
      this.#bytes += bytes;
      await this.#handle.appendFile(text);
    } catch (cause) {
      const isLink = systemCode(cause) === 'ELOOP';
      const why = isLink ? 'it is a symbolic link, which is not followed; remove it' : errorText(cause);
      const message = `The rejects file ${this.path} could not be written: ${why}`;
      throw new Failure('fatal', 'rejects_unwritable', message, { cause });
    }
  }
  async #open(): Promise<FileHandle> {
    const handle = await open(this.path, APPEND, 0o600);
    this.#bytes = (await handle.stat()).size;
    return handle;
  }
}
