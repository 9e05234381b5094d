import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorText } from '../../streams/failure.ts';
import type { Arrival, Journal, JournalMark, Unsaved } from '../../streams/work/journal.ts';
import { NOT_KEPT } from '../../streams/work/journal.ts';
import { OsLock } from '../files/os-lock.ts';
import { frameOf } from './frame.ts';
import { Segment } from './segment.ts';
import { headLine } from './segment-head.ts';
import { lockPath, segmentPath } from './segment-names.ts';

const SEGMENT_BYTES = 4 * 1_024 * 1_024;

export type JournalFilesOptions = Readonly<{
  directory: string;
  namespace: string;
  /** Of the process. */
  id: string;
  /** From this size on a new file is begun. Default 4 MiB. */
  segmentBytes?: number | undefined;
  /** Hears that an entry could not be written, and that one could again. */
  onTrouble(reason: string): void;
  onWritten(): void;
  /** Hears of the first file once it stands, and of the first after a `close`. */
  onBegun?: (() => void) | undefined;
}>;

/**
 * The journal of this process, in files of the data directory. What the store has takes no room for long: a full file is
 * followed by another, and goes when the store has all of its entries. Nothing is made before `begin` or the first entry.
 */
export class JournalFiles implements Journal {
  readonly #options: JournalFilesOptions;
  #lock: OsLock | undefined;
  #segments: readonly Segment[] = [];
  #begun = 0;
  #troubled = false;

  constructor(options: JournalFilesOptions) {
    this.#options = options;
  }

  /** Entries that the store has not yet. */
  get waiting(): number {
    return this.#segments.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Makes the first file, which stands until `close`. */
  begin(): void {
    this.#tried(() => this.#current());
  }

  arrived(arrival: Arrival, body: readonly Uint8Array[]): JournalMark {
    return this.#append(arrival, body);
  }

  keep(unsaved: Unsaved): JournalMark {
    return this.#append(unsaved, []);
  }

  /**
   * Leaves nothing open. Files whose entries the store does not have are `left` for the next process, and so is the file of an
   * answer that comes later all the same.
   */
  close(): 'none' | 'left' | 'stored' {
    const { directory, namespace, id } = this.#options;
    for (const segment of this.#segments) segment.seal();
    if (this.#lock === undefined) return 'none';
    const left = this.waiting > 0;
    this.#segments = [];
    if (!left) rmSync(lockPath(directory, namespace, id), { force: true });
    this.#lock.release();
    this.#lock = undefined;
    return left ? 'left' : 'stored';
  }

  #append(entry: Arrival | Unsaved, body: readonly Uint8Array[]): JournalMark {
    return this.#tried(() => this.#current().append(frameOf(JSON.stringify(entry), body))) ?? NOT_KEPT;
  }

  #tried<T>(write: () => T): T | undefined {
    try {
      const written = write();
      if (this.#troubled) this.#options.onWritten();
      this.#troubled = false;
      return written;
    } catch (error) {
      this.#troubled = true;
      this.#options.onTrouble(errorText(error));
      return undefined;
    }
  }

  #current(): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes < (this.#options.segmentBytes ?? SEGMENT_BYTES)) return last;
    const next = this.#begin();
    if (last === undefined) this.#options.onBegun?.();
    else last.seal();
    this.#segments = [...this.#segments.filter(({ waiting }) => waiting > 0), next];
    return next;
  }

  #begin(): Segment {
    const { directory, namespace, id } = this.#options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The lock first: a file without one is taken to be a dead process's.
    this.#lock ??= OsLock.take(lockPath(directory, namespace, id));
    const head = { namespace, host: hostname(), pid: process.pid, since: new Date().toISOString() };
    this.#begun += 1;
    return new Segment(segmentPath(directory, namespace, id, this.#begun), headLine(head));
  }
}
