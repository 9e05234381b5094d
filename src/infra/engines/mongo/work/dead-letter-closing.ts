import type { Document } from 'mongodb';
import type { RowCollection } from '../table/changes.ts';

/** As a write would find it: also what no majority has yet. */
const LATEST = { level: 'local' } as const;
const NOT_CLOSED = { state: { $ne: 'closed' } };

/**
 * Closes the dead letters of works that are done after all. Hardly any work has one, so what is learned at its claim spares the look at
 * its end. Rejects with the driver's errors.
 */
export class DeadLetterClosing {
  readonly #deadLetters: RowCollection;
  /** Works that we were the first to claim, and that had none then: by now only we can have put one. */
  readonly #without = new Set<string>();

  constructor(deadLetters: RowCollection) {
    this.#deadLetters = deadLetters;
  }

  /** As the stage of a pipeline: the dead letters of the works that are not closed, beside what it finds. `in` reads them. */
  unionOf(ids: readonly string[]): Document {
    const pipeline = [
      { $match: { _id: { $in: [...ids] }, ...NOT_CLOSED } },
      { $project: { _id: 0, deadLetter: '$_id' } },
    ];
    return { $unionWith: { coll: this.#deadLetters.collectionName, pipeline } };
  }

  /** The works with such dead letters, of what a pipeline with `unionOf` has found. */
  in(found: readonly Document[]): ReadonlySet<string> {
    return new Set(found.flatMap(({ deadLetter }) => (typeof deadLetter === 'string' ? [deadLetter] : [])));
  }

  /** Of a work that we are the first to claim, and that has no dead letter. */
  hasNone(id: string): void {
    this.#without.add(id);
  }

  /** Of one that others have claimed before, or that a dead letter is on its way for. */
  mayHave(id: string): void {
    this.#without.delete(id);
  }

  /** Of works that we held and that are done. */
  async closeEnded(ids: readonly string[]): Promise<void> {
    await this.close(ids.filter((id) => !this.#without.delete(id)));
  }

  async close(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const filter = { _id: { $in: [...ids] }, ...NOT_CLOSED };
    // A write that finds nothing waits for the journal of the server all the same.
    const open = await this.#deadLetters.findOne(filter, { projection: { _id: 1 }, readConcern: LATEST });
    if (open !== null)
      await this.#deadLetters.updateMany(filter, { $set: { state: 'closed', closedAt: new Date() } });
  }
}
