import { Binary, type Collection } from 'mongodb';
import type { Redrive } from '../../stages/store.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import type { DeadLetterDocument } from './documents.ts';
import { classifyMongo } from './mongo-failure.ts';

/** Dead letters: open -> redriving -> closed, or open again when the record dies again. */
export class MongoDeadLetters {
  readonly #letters: Collection<DeadLetterDocument>;

  constructor(letters: Collection<DeadLetterDocument>) {
    this.#letters = letters;
  }

  async put(letter: DeadLetter): Promise<void> {
    const { id, at, kind, code, message, attempts } = letter;
    const drive = letter.work?.drive ?? 0;
    const why = { state: 'open' as const, kind, code, message, attempts: [...attempts], at, drive };
    await this.#doing('storing a dead letter', async () => {
      await this.#letters.updateOne(
        { _id: id },
        { $setOnInsert: { ...originOf(letter), ...why } },
        { upsert: true },
      );
      await this.#letters.updateOne({ _id: id, drive: { $lt: drive } }, { $set: why });
    });
  }

  async *open(): AsyncGenerator<DeadLetter> {
    const cursor = this.#letters.find({ state: { $ne: 'closed' } }).sort({ at: 1, _id: 1 });
    for await (const letter of cursor) yield letterOf(letter);
  }

  async ofQuestion(lane: string, questionId: string): Promise<DeadLetter[]> {
    const range = { $gte: `${lane}/${questionId}/`, $lt: `${lane}/${questionId}0` };
    const letters = await this.#doing('reading dead letters', () =>
      this.#letters.find({ _id: range }).toArray(),
    );
    return letters.map(letterOf);
  }

  /** Each open letter goes to one caller; one that was taken and never closed is taken again. */
  async take(): Promise<readonly Redrive[]> {
    const taken: Redrive[] = [];
    const waiting = await this.#doing('reading dead letters', () =>
      this.#letters
        .find({ state: { $ne: 'closed' } })
        .sort({ at: 1, _id: 1 })
        .toArray(),
    );
    for (const document of waiting) {
      await this.#doing('taking a dead letter', () =>
        this.#letters.updateOne({ _id: document._id, state: 'open' }, { $set: { state: 'redriving' } }),
      );
      const letter = letterOf(document);
      taken.push({ letter, drive: (letter.work?.drive ?? 0) + 1 });
    }
    return taken;
  }

  async close(id: string): Promise<void> {
    await this.#doing('closing a dead letter', () =>
      this.#letters.updateOne({ _id: id, state: 'redriving' }, { $set: { state: 'closed' } }),
    );
  }

  async #doing<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw classifyMongo(error, doing);
    }
  }
}

function originOf({ stage, topic, partition, offset, key, value, headers, work, at }: DeadLetter) {
  const bytes = value instanceof Uint8Array ? new Binary(value) : value;
  return {
    ...{ stage, topic, partition, key },
    offset: offset.toString(),
    value: bytes as DeadLetterDocument['value'],
    headers: Object.entries(headers),
    work: work ?? null,
    firstAt: at,
  };
}

function letterOf(document: DeadLetterDocument): DeadLetter {
  const { _id: id, stage, topic, partition, offset, key, value, headers, work } = document;
  const { kind, code, message, attempts, at } = document;
  return {
    ...{ id, stage, topic, partition, key, kind, code, message, attempts, at },
    offset: BigInt(offset),
    value: value instanceof Binary ? value.buffer : value,
    headers: Object.fromEntries(headers),
    work: work ?? undefined,
  };
}
