import type { Db } from 'mongodb';
import { indexCollectionsOf } from './documents.ts';
import { keysOf, numberOf } from './word-index.ts';

const AT_ONCE = 200;

/**
 * Puts chunks that an older Millrace indexed into the index of words, which it did not have: no search finds them otherwise. Broken off,
 * it goes on at the next start; several processes may do it at once. Rejects with the driver's errors.
 */
export async function indexOldChunks(db: Db): Promise<void> {
  const { chunks } = indexCollectionsOf(db);
  const old = { number: { $exists: false } };
  const projection = { terms: 1, headingTerms: 1 };
  for (let done = 0; ; done += AT_ONCE) {
    const rows = await chunks.find(old, { projection, limit: AT_ONCE }).toArray();
    if (rows.length === 0) return;
    const operations = rows.map(({ _id, terms, headingTerms }) => {
      const words = keysOf(`${terms} ${headingTerms}`.split(' ').filter(Boolean), done);
      return { updateOne: { filter: { _id, ...old }, update: { $set: { words, number: numberOf(_id) } } } };
    });
    await chunks.bulkWrite(operations, { ordered: false });
  }
}
