import type { Collection, Document } from 'mongodb';
import type { ForgottenDocument } from '../documents.ts';

/** Deletes what is held of questions. Rejects with the driver's errors. */
export type Erase = (ids: readonly string[]) => Promise<unknown>;

/**
 * Keeps forgotten questions out beside any number of processes, without a transaction: who writes looks for a mark
 * afterwards, and who forgets deletes after marking. So either the writer sees the mark, or the deletion sees what was
 * written. Rejects with the driver's errors.
 */
export class ForgottenMarks {
  readonly #marks: Collection<ForgottenDocument>;
  readonly #erase: Erase;

  constructor(marks: Collection<ForgottenDocument>, erase: Erase) {
    this.#marks = marks;
    this.#erase = erase;
  }

  async among(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#marks
      .find({ _id: { $in: [...new Set(ids)] } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** As the stage of a pipeline: the marks of the questions among what it finds, one round trip for both. `in` reads them. */
  unionOf(ids: readonly string[]): Document {
    return { $unionWith: { coll: this.#marks.collectionName, pipeline: markedOf(ids) } };
  }

  /** Those of the questions that are forgotten, of what a pipeline with `unionOf` has found. */
  in(found: readonly Document[]): ReadonlySet<string> {
    return new Set(found.flatMap(({ forgotten }) => (typeof forgotten === 'string' ? [forgotten] : [])));
  }

  /** After a write about these questions: takes it back for those that are forgotten, and answers which they are. */
  async sweep(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const forgotten = await this.among(ids);
    await this.takeBack(forgotten);
    return forgotten;
  }

  /** The same, with a stage of a pipeline in the same round trip: also answers what it has found. */
  async sweepBeside(ids: readonly string[], stage: Document) {
    const found = await this.#marks.aggregate([...markedOf(ids), stage]).toArray();
    const forgotten = this.in(found);
    await this.takeBack(forgotten);
    return { forgotten, found };
  }

  /** What was just written of forgotten questions. */
  async takeBack(forgotten: ReadonlySet<string>): Promise<void> {
    if (forgotten.size > 0) await this.#erase([...forgotten]);
  }
}

const markedOf = (ids: readonly string[]): Document[] => [
  { $match: { _id: { $in: [...new Set(ids)] } } },
  { $project: { _id: 0, forgotten: '$_id' } },
];
