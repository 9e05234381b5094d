import type { RowCollection } from '../table/changes.ts';

/** As a write would find it: also what no majority has yet. */
const LATEST = { level: 'local' } as const;

/** Closes the dead letters of works that are done after all. Rejects with the driver's errors. */
export async function closeDeadLettersOf(deadLetters: RowCollection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const filter = { _id: { $in: [...ids] }, state: { $ne: 'closed' } };
  // Hardly any has one, and a write that finds nothing waits for the journal of the server all the same.
  const open = await deadLetters.findOne(filter, { projection: { _id: 1 }, readConcern: LATEST });
  if (open !== null)
    await deadLetters.updateMany(filter, { $set: { state: 'closed', closedAt: new Date() } });
}
