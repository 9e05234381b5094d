import { type Collection, type Document, MongoServerError } from 'mongodb';
import { z } from 'zod';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import { NOTHING } from '../../../../streams/budget/amount.ts';
import type { DaySpending, HeldShare, SpendBook } from '../../../../streams/budget/spend-book.ts';
import type { SpendingDocument } from '../documents.ts';
import { DUPLICATE_KEY } from '../failure.ts';
import { operation } from '../operation.ts';

const amount = z.object({ tokens: z.number(), costUsd: z.number() });
const totalSchema = z.object({ spent: amount, held: amount });

/** What was taken of each day: a document per process. */
export class MongoSpendBook implements SpendBook {
  readonly #spending: Collection<SpendingDocument>;

  constructor(spending: Collection<SpendingDocument>) {
    this.#spending = spending;
  }

  async put({ day, holder, version, spent, held }: HeldShare): Promise<void> {
    const filter = { _id: `${day}/${holder}`, version: { $lt: version } };
    const update = { $set: { day, version, spent, held } };
    const write = () => this.#spending.updateOne(filter, update, { upsert: true });
    await operation('writing down what was spent', async () => {
      // An insert that meets its key: an earlier write came just now, which the second try replaces, or a later one
      // stands there, which is to stay.
      for (const last of [false, true])
        try {
          await write();
          return;
        } catch (error) {
          if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
          if (last) return;
        }
    });
  }

  total(day: string): Promise<DaySpending> {
    return operation('reading what was spent', async () => {
      const [found] = await this.#spending.aggregate(totalOf(day)).toArray();
      return found === undefined ? { spent: NOTHING, held: NOTHING } : readStored(totalSchema, found);
    });
  }
}

function totalOf(day: string): Document[] {
  const sums = {
    spentTokens: { $sum: '$spent.tokens' },
    spentUsd: { $sum: '$spent.costUsd' },
    heldTokens: { $sum: '$held.tokens' },
    heldUsd: { $sum: '$held.costUsd' },
  };
  const spent = { tokens: '$spentTokens', costUsd: '$spentUsd' };
  const held = { tokens: '$heldTokens', costUsd: '$heldUsd' };
  return [{ $match: { day } }, { $group: { _id: null, ...sums } }, { $project: { spent, held } }];
}
