import type { Collection } from 'mongodb';
import { z } from 'zod';
import {
  type JournalNote,
  type JournalRepository,
  journalNoteSchema,
} from '../../../../stages/store/journal-repository.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import { LISTED_SECONDS } from '../../../../stages/store/worker-repository.ts';
import type { JournalDocument } from '../documents.ts';
import { operation } from '../operation.ts';

const rowSchema = z.object({ _id: z.string(), host: z.string(), directory: z.string(), since: z.string() });

/** Of the processes on this database; who lives is said by `workers`, by the server's clock. */
export class MongoJournals implements JournalRepository {
  readonly #journals: Collection<JournalDocument>;

  constructor(journals: Collection<JournalDocument>) {
    this.#journals = journals;
  }

  async note({ id, ...rest }: JournalNote): Promise<void> {
    await operation('noting a journal', () => this.#journals.replaceOne({ _id: id }, rest, { upsert: true }));
  }

  async stored(id: string): Promise<void> {
    await operation('closing a journal', () => this.#journals.deleteOne({ _id: id }));
  }

  async waiting(): Promise<readonly JournalNote[]> {
    const rows = await operation('listing the journals', () => this.#journals.aggregate(silent()).toArray());
    return rows.map((row) => {
      const { _id, ...rest } = readStored(rowSchema, row);
      return readStored(journalNoteSchema, { id: _id, ...rest });
    });
  }
}

/** Those whose process has not shown itself for so long that it is not listed any more. */
function silent() {
  const seen = { $dateSubtract: { startDate: '$$NOW', unit: 'second', amount: LISTED_SECONDS } };
  const living = [{ $match: { $expr: { $gte: ['$seenAt', seen] } } }, { $project: { _id: 1 } }];
  return [
    { $lookup: { from: 'workers', localField: '_id', foreignField: '_id', pipeline: living, as: 'living' } },
    { $match: { living: [] } },
    { $sort: { since: 1, _id: 1 } },
  ];
}
