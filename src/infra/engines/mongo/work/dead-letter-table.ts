import type { Collection } from 'mongodb';
import type { DeadLetter, StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { LetterDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import { letterFields, letterOf } from '../repositories/letter-document.ts';

/** As a write would find it: also what no majority has yet. */
const LATEST = { level: 'local' } as const;

/** Deaths as they come, and what closes them. How letters are sent again: `letter-book.ts`. */
export class MongoDeadLetters {
  readonly #letters: Collection<LetterDocument>;
  readonly #marks: ForgottenMarks;

  constructor(letters: Collection<LetterDocument>, marks: ForgottenMarks) {
    this.#letters = letters;
    this.#marks = marks;
  }

  /** A repeat of the same death changes nothing; neither does that of an earlier drive. */
  async put(letter: DeadLetter): Promise<void> {
    const { id: _id, at, drive } = letter;
    const fields = letterFields(letter);
    const attempts = [...letter.attempts];
    const first = { _id, ...fields, attempts, firstAt: at, by: null, renewal: 0 };
    const later = { _id, $or: [{ drive: { $lt: drive } }, { drive, at: { $ne: at } }] };
    await operation('storing a dead letter', async () => {
      const standing = await insertNew(this.#letters, [first]);
      if (standing.size > 0)
        await this.#letters.updateOne(later, [
          { $set: { ...literal(fields), attempts: withEarlier(attempts) } },
        ]);
      await this.#marks.sweep([letter.work?.questionId ?? letter.key ?? '']);
    });
  }

  async ofQuestion(lane: string, questionId: string): Promise<readonly StoredLetter[]> {
    const range = { $gte: `${lane}/${questionId}/`, $lt: `${lane}/${questionId}0` };
    const found = await operation('reading dead letters', () => this.#letters.find({ _id: range }).toArray());
    return found.map(letterOf);
  }

  async close(id: string): Promise<void> {
    await operation('closing a dead letter', () => this.#closeAll([id]));
  }

  /** Closes the letters of works that are done after all. Rejects with the driver's errors. */
  async closeOf(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Hardly any has one, and a write that finds nothing waits for the journal of the server all the same.
    const open = await this.#letters.findOne(openOf(ids), { projection: { _id: 1 }, readConcern: LATEST });
    if (open !== null) await this.#closeAll(ids);
  }

  async #closeAll(ids: readonly string[]): Promise<void> {
    await this.#letters.updateMany(openOf(ids), { $set: { state: 'closed', closedAt: new Date() } });
  }
}

function openOf(ids: readonly string[]) {
  return { _id: { $in: [...ids] }, state: { $ne: 'closed' as const } };
}

/** What a stranger wrote is no expression of the database. */
function literal(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]));
}

/** The attempts that stand, but for those that come again, and then these. */
function withEarlier(attempts: LetterDocument['attempts']) {
  const again = attempts.map(({ startedAt, number }) => `${startedAt} ${number}`);
  const name = { $concat: ['$$this.startedAt', ' ', { $toString: '$$this.number' }] };
  const others = { $filter: { input: '$attempts', cond: { $not: [{ $in: [name, { $literal: again }] }] } } };
  return { $concatArrays: [others, { $literal: attempts }] };
}
