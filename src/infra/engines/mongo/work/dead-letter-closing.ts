import type { RowCollection } from '../table/changes.ts';

/** As a write would find it: also what no majority has yet. */
const LATEST = { level: 'local' } as const;

/** Closes the letters of works that are done after all. Rejects with the driver's errors. */
export async function closeLettersOf(letters: RowCollection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const filter = { _id: { $in: [...ids] }, state: { $ne: 'closed' } };
  // Hardly any has one, and a write that finds nothing waits for the journal of the server all the same.
  const open = await letters.findOne(filter, { projection: { _id: 1 }, readConcern: LATEST });
  if (open !== null) await letters.updateMany(filter, { $set: { state: 'closed', closedAt: new Date() } });
}
