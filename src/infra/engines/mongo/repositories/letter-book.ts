import type { Collection, Document, Filter } from 'mongodb';
import { z } from 'zod';
import {
  type LatestLetters,
  type LetterBook,
  type LetterCount,
  type LetterQuery,
  type RedriveOutcome,
  type SeenLetter,
  type SeenTaking,
  UNCLOSED,
} from '../../../../stages/store/letters.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import { failureKindSchema } from '../../../../stages/store/table/schemas.ts';
import type { StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { Token } from '../../../../streams/work/work.ts';
import type { LetterDocument } from '../documents.ts';
import { operation, reading } from '../operation.ts';
import { letterOf } from './letter-document.ts';

const OLDEST_FIRST = { at: 1, _id: 1 } as const;

const countSchema = z.object({
  _id: z.object({ stage: z.string(), kind: failureKindSchema, code: z.string() }),
  count: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
});

/** The letters of one database: every take is a compare-and-set, so a letter goes to one operator whoever asks. */
export class MongoLetterBook implements LetterBook {
  readonly #letters: Collection<LetterDocument>;

  constructor(letters: Collection<LetterDocument>) {
    this.#letters = letters;
  }

  async *list(query: LetterQuery): AsyncGenerator<StoredLetter> {
    const rows = () => this.#letters.find(filterOf(query)).sort(OLDEST_FIRST);
    for await (const letter of reading('reading dead letters', rows)) yield letterOf(letter);
  }

  latest(most: number): Promise<LatestLetters> {
    const unclosed = filterOf({});
    return operation('reading the last dead letters', async () => {
      const found = await this.#letters.find(unclosed).sort({ at: -1, _id: -1 }).limit(most).toArray();
      return { count: await this.#letters.countDocuments(unclosed), letters: found.map(letterOf) };
    });
  }

  async stats(query: LetterQuery): Promise<readonly LetterCount[]> {
    const group = {
      _id: { stage: '$stage', kind: '$kind', code: '$code' },
      count: { $sum: 1 },
      firstAt: { $min: '$firstAt' },
      lastAt: { $max: '$at' },
    };
    const order = { count: -1, '_id.stage': 1, '_id.kind': 1, '_id.code': 1 } as const;
    const pipeline: Document[] = [{ $match: filterOf(query) }, { $group: group }, { $sort: order }];
    const groups = await operation('counting dead letters', () =>
      this.#letters.aggregate(pipeline).toArray(),
    );
    return groups.map((each) => {
      const { _id, ...counted } = readStored(countSchema, each);
      return { ..._id, ...counted };
    });
  }

  take(by: Token, seen: readonly SeenLetter[]): Promise<readonly StoredLetter[]> {
    return operation('taking dead letters', async () => {
      const update = {
        $set: { state: 'redriving' as const, by, renewal: 0, sentAt: null },
        $inc: { drive: 1 },
      };
      const takes = seen.map(({ id, drive }) => ({
        updateOne: { filter: { _id: id, drive, state: 'open' as const }, update },
      }));
      if (takes.length > 0) await this.#letters.bulkWrite(takes, { ordered: false });
      return this.#takenBy(
        by,
        seen.map(({ id }) => id),
      );
    });
  }

  takeOver(by: Token, seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredLetter[]> {
    const abandoned = { _id: { $in: [...ids] }, state: 'redriving' as const };
    const unchanged = { ...abandoned, by: seen.by, renewal: seen.renewal };
    return operation('taking over dead letters', async () => {
      await this.#letters.updateMany(unchanged, { $set: { by, renewal: 0 } });
      return this.#takenBy(by, ids);
    });
  }

  async renew(by: Token): Promise<void> {
    await operation('holding dead letters', () =>
      this.#letters.updateMany({ by, state: 'redriving' }, { $inc: { renewal: 1 } }),
    );
  }

  async release(by: Token): Promise<void> {
    await operation('giving back dead letters', () =>
      this.#letters.updateMany({ by, state: 'redriving' }, { $set: { state: 'open' } }),
    );
  }

  async markSent(by: Token, ids: readonly string[]): Promise<void> {
    const taken = { _id: { $in: [...ids] }, by, state: 'redriving' as const };
    await operation('marking dead letters as sent', () =>
      this.#letters.updateMany(taken, { $set: { state: 'sent', sentAt: new Date() } }),
    );
  }

  async outcome(by: Token): Promise<RedriveOutcome> {
    const pipeline = [{ $match: { by } }, { $group: { _id: '$state', n: { $sum: 1 } } }];
    const groups = await operation('counting dead letters', () =>
      this.#letters.aggregate<{ _id: string; n: number }>(pipeline).toArray(),
    );
    const of = new Map(groups.map(({ _id, n }) => [_id, n]));
    const waiting = (of.get('redriving') ?? 0) + (of.get('sent') ?? 0);
    return { waiting, closed: of.get('closed') ?? 0, open: of.get('open') ?? 0 };
  }

  async #takenBy(by: Token, ids: readonly string[]): Promise<readonly StoredLetter[]> {
    const found = await this.#letters.find({ _id: { $in: [...ids] }, by, state: 'redriving' }).toArray();
    return found.map(letterOf);
  }
}

function filterOf({
  stage,
  classes,
  since,
  id,
  lane,
  lives = UNCLOSED,
}: LetterQuery): Filter<LetterDocument> {
  const all: Filter<LetterDocument>[] = [{ state: { $in: [...lives] } }];
  if (stage !== undefined) all.push({ stage });
  if (lane !== undefined) all.push({ 'work.lane': lane });
  if (since !== undefined) all.push({ at: { $gte: since } });
  if (classes !== undefined)
    all.push({
      $expr: {
        $or: ['$kind', '$code', { $concat: ['$kind', '/', '$code'] }].map((named) => ({
          $in: [named, { $literal: classes }],
        })),
      },
    });
  if (id !== undefined) {
    const beginning = { $regex: `^${escaped(id)}` };
    all.push({ $or: [{ _id: beginning }, { 'work.questionId': beginning }] });
  }
  return { $and: all };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
