import type { Arrival, Journal, JournalMark, Unsaved } from '../../../src/streams/work/journal.ts';

export type FakeEntry = Unsaved | Readonly<{ kind: 'arrival'; arrival: Arrival; body: string }>;

/** Keeps entries in memory until they are dropped. */
export class FakeJournal implements Journal {
  readonly standing = new Set<FakeEntry>();
  /** Of all that was ever written. */
  readonly entries: FakeEntry[] = [];
  /** Whether nothing can be written now. */
  full = false;

  arrived(arrival: Arrival, body: readonly Uint8Array[]): JournalMark {
    return this.#add({ kind: 'arrival', arrival, body: Buffer.concat(body).toString() });
  }

  keep(unsaved: Unsaved): JournalMark {
    return this.#add(unsaved);
  }

  #add(entry: FakeEntry): JournalMark {
    if (this.full) return { kept: false, drop: () => undefined };
    this.entries.push(entry);
    this.standing.add(entry);
    return { kept: true, drop: () => void this.standing.delete(entry) };
  }
}
