import { BoundedBytes } from './bounded-bytes.ts';
import { JsonDocument, type JsonRole } from './json-document.ts';
import type { EntrySplitter, RawEntry } from './raw-entry.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * One entry per member of the array of questions in a JSON document, which is never held as a whole. Only brackets,
 * commas and strings are understood here, so a member that is not JSON spoils no other one. A document that ends too
 * early, or goes on after its end, gives a last, broken entry: the entries before it count. A document without an array
 * of questions is a fatal Failure (`input_json`).
 */
export class JsonSplitter implements EntrySplitter {
  readonly #document: JsonDocument;
  readonly #collected: BoundedBytes;
  #line = 1;
  #entry = 1;
  /** Where the entry starts; 0 while only white space was seen of it. */
  #entryLine = 0;

  /** `name` stands for the document in messages. */
  constructor(name: string, maxEntryBytes: number) {
    this.#document = new JsonDocument(name);
    this.#collected = new BoundedBytes(maxEntryBytes);
  }

  *push(chunk: Uint8Array): Generator<RawEntry> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? SPACE;
      if (byte === NEWLINE) this.#line += 1;
      const role = this.#document.see(byte);
      if (role === 'entry') {
        if (byte > SPACE && this.#entryLine === 0) this.#entryLine = this.#line;
        continue;
      }
      this.#collected.add(chunk.subarray(from, at));
      from = at + 1;
      if (role !== 'outside') yield* this.#cut(role);
    }
    this.#collected.add(chunk.subarray(from));
  }

  *end(): Generator<RawEntry> {
    const reason = this.#document.end();
    if (reason === undefined) return;
    const last = this.#take();
    const head = last.kind === 'whole' ? last.bytes : last.head;
    yield { kind: 'broken', line: last.line, label: '', head, reason };
  }

  *#cut(role: JsonRole): Generator<RawEntry> {
    const nothing = this.#entryLine === 0;
    const entry = this.#take();
    // A comma before the closing bracket is forgiven, as most writers of JSON by hand expect.
    if (!(nothing && role === 'close')) yield entry;
  }

  #take(): RawEntry {
    const entry = this.#collected.take(this.#entryLine || this.#line, `entry ${this.#entry}`);
    this.#entry += 1;
    this.#entryLine = 0;
    return entry;
  }
}
