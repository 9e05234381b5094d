import type { InputEntry } from '../../infra/input/input-entry.ts';
import { inTime } from '../../streams/in-time.ts';

const MOST_ENTRIES = 1_000;
const MOST_CHARACTERS = 16 * 1_024 * 1_024;
/** So long a stream that gave a question may be silent before it is taken as one that comes bit by bit. */
const SILENCE_MS = 1_000;

/** How much of an input was seen: all of it, as much as is looked at, or what came before it fell silent. */
export type Seen = 'all' | 'beginning' | 'some';

/** Entries whose beginning can be looked at before they are taken; none is lost, and memory holds no more than that. */
export class Lookahead {
  readonly #entries: AsyncIterator<InputEntry>;
  readonly #onEntry: (entry: InputEntry) => Promise<void>;
  readonly #seen: InputEntry[] = [];
  #next: Promise<IteratorResult<InputEntry>> | undefined;

  /** @param onEntry hears of each entry once, in order, before it is given out. */
  constructor(entries: AsyncIterable<InputEntry>, onEntry: (entry: InputEntry) => Promise<void>) {
    this.#entries = entries[Symbol.asyncIterator]();
    this.#onEntry = onEntry;
  }

  /** Reads up to 1,000 entries or so many questions. Rejects with what the input throws. */
  async look(mostQuestions = Number.POSITIVE_INFINITY): Promise<Seen> {
    let [questions, characters] = [0, 0];
    for (let count = 0; count < MOST_ENTRIES; count += 1) {
      if (questions >= mostQuestions || characters > MOST_CHARACTERS) break;
      const next = questions === 0 ? await this.#take() : await this.#takeSoon();
      if (next === 'silent') return 'some';
      if (next.done === true) return 'all';
      if (next.value.kind !== 'question') continue;
      questions += 1;
      characters += JSON.stringify(next.value).length;
      this.#seen.push(next.value);
    }
    return 'beginning';
  }

  /** All entries but the bad ones that were looked at. */
  async *entries(): AsyncGenerator<InputEntry> {
    try {
      yield* this.#seen.splice(0);
      for (let next = await this.#take(); next.done !== true; next = await this.#take()) yield next.value;
    } finally {
      await this.#entries.return?.();
    }
  }

  /** Lets go of an input that is read no further. */
  async close(): Promise<void> {
    // A read that waits for its stream would be waited for.
    if (this.#next === undefined) await this.#entries.return?.();
  }

  async #take(): Promise<IteratorResult<InputEntry>> {
    this.#next ??= this.#entries.next();
    const next = await this.#next;
    this.#next = undefined;
    if (next.done !== true) await this.#onEntry(next.value);
    return next;
  }

  async #takeSoon(): Promise<IteratorResult<InputEntry> | 'silent'> {
    this.#next ??= this.#entries.next();
    const first = await inTime(this.#next, SILENCE_MS, () => 'silent' as const);
    return first === 'silent' ? first : this.#take();
  }
}
