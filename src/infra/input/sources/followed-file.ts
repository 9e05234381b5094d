import { type FileHandle, open, stat } from 'node:fs/promises';
import { Failure } from '../../../streams/failure.ts';
import { systemCode } from '../../files/file-failure.ts';
import { openFailure } from './byte-source.ts';
import type { FileChanges } from './file-changes.ts';

const CHUNK_BYTES = 64 * 1_024;

/** How the life of a file under its name ended: another one took the name, its content was cut, or we were told to stop. */
export type LifeEnd = 'replaced' | 'cut' | 'stopped';

/** One file that is read as it grows, from its beginning to the end of its life under this name. */
export class FollowedFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #changes: FileChanges;
  readonly #signal: AbortSignal;
  #position = 0;
  #end: LifeEnd | undefined;

  private constructor(path: string, handle: FileHandle, changes: FileChanges, signal: AbortSignal) {
    this.#path = path;
    this.#handle = handle;
    this.#changes = changes;
    this.#signal = signal;
  }

  /** `undefined` while there is no file of that name. Throws a Failure for one that may not be read. */
  static async open(
    path: string,
    changes: FileChanges,
    signal: AbortSignal,
  ): Promise<FollowedFile | undefined> {
    try {
      // Asked before it is opened, which would wait for the other end of a pipe.
      if (!(await stat(path)).isFile()) throw notFollowed(path);
      return new FollowedFile(path, await open(path, 'r'), changes, signal);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error instanceof Failure ? error : openFailure(path, error);
    }
  }

  /** Known once its chunks have ended. */
  get end(): LifeEnd | undefined {
    return this.#end;
  }

  /** Everything that is written to it, as it comes. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const change = this.#changes.next();
      const looked = await this.#look();
      for (let chunk = await this.#read(); chunk !== undefined; chunk = await this.#read()) yield chunk;
      // Looked at before the last read: whatever was written before the file lost its name has been read.
      if (looked !== undefined) {
        this.#end = looked;
        return;
      }
      await change;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(): Promise<Uint8Array | undefined> {
    if (this.#signal.aborted) return undefined;
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await this.#handle.read(buffer, 0, CHUNK_BYTES, this.#position);
    this.#position += bytesRead;
    return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
  }

  async #look(): Promise<LifeEnd | undefined> {
    if (this.#signal.aborted) return 'stopped';
    const ours = await this.#handle.stat({ bigint: true });
    if (ours.size < BigInt(this.#position)) return 'cut';
    try {
      const named = await stat(this.#path, { bigint: true });
      return named.ino === ours.ino && named.dev === ours.dev ? undefined : 'replaced';
    } catch (error) {
      // Between a rename and the new file there is none: the old one may still be written to.
      if (isMissing(error)) return undefined;
      throw openFailure(this.#path, error);
    }
  }
}

function notFollowed(path: string): Failure {
  const message = `${path} is no regular file and cannot be followed: give it as standard input (\`millrace ingest - < ${path}\`).`;
  return new Failure('fatal', 'input_follow', message);
}

function isMissing(error: unknown): boolean {
  return systemCode(error) === 'ENOENT';
}
