import { MongoBulkWriteError } from 'mongodb';
import { DUPLICATE_KEY } from './failure.ts';

/** A collection, as far as inserting goes. */
type Target<T> = Readonly<{
  insertMany(documents: readonly T[], options: { ordered: boolean }): Promise<unknown>;
}>;

/**
 * Inserts what is new, and answers the positions of those whose key stands already. Any other error is the driver's, and
 * nothing is known of any of the inserts.
 */
export async function insertNew<T>(target: Target<T>, documents: readonly T[]): Promise<ReadonlySet<number>> {
  if (documents.length === 0) return new Set();
  try {
    await target.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const refused = [error.writeErrors].flat();
    // A broken connection and an unknown write concern come without any.
    if (refused.length === 0 || refused.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return new Set(refused.map(({ index }) => index));
  }
}
