import { closeSync, constants, ftruncateSync, openSync, rmSync, writevSync } from 'node:fs';
import type { JournalMark } from '../../streams/work/journal.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** A file whose entries the store has all is emptied where it has grown so large. */
const EMPTIED_BYTES = 64 * 1_024;

/**
 * One file of the journal: appended to, one write an entry, for its owner's eyes only. It goes when it is sealed and the store
 * has all of its entries. Nothing is synced: it outlives the process, not the machine, as the store does.
 */
export class Segment {
  readonly #path: string;
  readonly #file: number;
  readonly #headBytes: number;
  #bytes = 0;
  #waiting = 0;
  #sealed = false;

  /** Throws the error of the file system; then there is no file. */
  constructor(path: string, head: string) {
    this.#path = path;
    this.#file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    this.#headBytes = Buffer.byteLength(head);
    try {
      this.#write([Buffer.from(head)]);
    } catch (error) {
      this.seal();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Entries that the store has not yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Throws the error of the file system; then nothing of the entry is left. */
  append(frame: readonly Uint8Array[]): JournalMark {
    this.#write(frame);
    this.#waiting += 1;
    let dropped = false;
    const drop = () => {
      if (dropped) return;
      dropped = true;
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#emptied();
    };
    return { kept: true, drop };
  }

  /** Nothing is appended any more. */
  seal(): void {
    if (this.#sealed) return;
    this.#sealed = true;
    closeSync(this.#file);
    if (this.#waiting === 0) rmSync(this.#path, { force: true });
  }

  #emptied(): void {
    if (this.#sealed) rmSync(this.#path, { force: true });
    else if (this.#bytes > EMPTIED_BYTES) this.#cut(this.#headBytes);
  }

  #write(pieces: readonly Uint8Array[]): void {
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const before = this.#bytes;
    try {
      let written = writevSync(this.#file, pieces);
      // A disk that fills up takes a part.
      while (written < bytes) written += writevSync(this.#file, [Buffer.concat(pieces).subarray(written)]);
      this.#bytes += bytes;
    } catch (error) {
      this.#cut(before);
      throw error;
    }
  }

  #cut(bytes: number): void {
    ftruncateSync(this.#file, bytes);
    this.#bytes = bytes;
  }
}
