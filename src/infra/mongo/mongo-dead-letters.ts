import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { Redrive } from '../../stages/store.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import type { LetterDocument } from './documents.ts';
import { insertNew } from './insert-new.ts';
import { letterFields, letterOf } from './letter-document.ts';
import { operation, reading } from './operation.ts';

/** How long a taken letter is its taker's. A second sending costs one record, which the claim of its work drops. */
const TAKEN_FOR_MS = 120_000;

const OLDEST_FIRST = { at: 1, _id: 1 } as const;

/**
 * Dead letters: open -> redriving -> closed, or open again when the record dies again, or when its taker has not closed
 * it in time.
 */
export class MongoDeadLetters {
  readonly #letters: Collection<LetterDocument>;
  /** Names under which letters may have been taken, though no answer came. */
  readonly #unanswered: string[] = [];

  constructor(letters: Collection<LetterDocument>) {
    this.#letters = letters;
  }

  /** A repeat of the same death changes nothing; neither does that of an earlier drive. */
  async put(letter: DeadLetter): Promise<void> {
    const { id: _id, at } = letter;
    const fields = letterFields(letter);
    const { drive } = fields;
    const later = { _id, $or: [{ drive: { $lt: drive } }, { drive, at: { $ne: at } }] };
    await operation('storing a dead letter', async () => {
      const taken = await insertNew(this.#letters, [{ _id, ...fields, firstAt: at }]);
      if (taken.size > 0) await this.#letters.updateOne(later, { $set: fields });
    });
  }

  async *open(): AsyncGenerator<DeadLetter> {
    const filter = { state: { $in: ['open', 'redriving'] } } as const;
    const rows = () => this.#letters.find(filter).sort(OLDEST_FIRST);
    for await (const letter of reading('reading dead letters', rows)) yield letterOf(letter);
  }

  async ofQuestion(lane: string, questionId: string): Promise<readonly DeadLetter[]> {
    const range = { $gte: `${lane}/${questionId}/`, $lt: `${lane}/${questionId}0` };
    const found = await operation('reading dead letters', () => this.#letters.find({ _id: range }).toArray());
    return found.map(letterOf);
  }

  /** Each open letter goes to one caller; one that was taken and not closed in time is taken again. */
  async take(): Promise<readonly Redrive[]> {
    const taker = this.#unanswered.pop() ?? randomUUID();
    try {
      const found = await operation('taking dead letters', () => this.#takeAs(taker));
      return found.map(letterOf).map((letter) => ({ letter, drive: (letter.work?.drive ?? 0) + 1 }));
    } catch (error) {
      this.#unanswered.push(taker);
      throw error;
    }
  }

  async close(_id: string): Promise<void> {
    const closed = { $set: { state: 'closed' as const } };
    await operation('closing a dead letter', () =>
      this.#letters.updateOne({ _id, state: 'redriving' }, closed),
    );
  }

  /** Closes the letters of works that are done after all. Rejects with the driver's errors. */
  async closeOf(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const open = { _id: { $in: [...ids] }, state: { $ne: 'closed' as const } };
    await this.#letters.updateMany(open, { $set: { state: 'closed' } });
  }

  async #takeAs(taker: string) {
    // The server's clock on both sides: those of two machines are never compared.
    const late = { state: 'redriving' as const, $expr: { $lt: ['$takenUntil', '$$NOW'] } };
    const takenUntil = { $add: ['$$NOW', TAKEN_FOR_MS] };
    await this.#letters.updateMany({ $or: [{ state: 'open' }, late] }, [
      { $set: { state: 'redriving', taker, takenUntil } },
    ]);
    return this.#letters.find({ taker, state: 'redriving' }).sort(OLDEST_FIRST).toArray();
  }
}
