import type { Collection, Document } from 'mongodb';
import { type Ending, type Example, endingOf, exampleSchema } from '../../../../stages/example.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { finishedSchema } from '../../../../stages/store/table/schemas.ts';
import type { Claim, Finished, HeldWork, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import { boundedJson } from '../bounded-json.ts';
import { Bulk } from '../bulk.ts';
import { type OutcomeDocument, outcomeDocumentSchema } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';

type Outcomes = Collection<OutcomeDocument>;

const finishedText = jsonText(finishedSchema(exampleSchema));

/** The example of an outcome, and how it came to be. Throws a Failure if it is not one of ours. */
function finishedOutcomeOf(stored: unknown): Finished<Example> {
  return readStored(finishedText, readStored(outcomeDocumentSchema, stored).finished);
}

/**
 * The store of stage 5: `dataset` for approved examples, `rejections` for the others, `retractions` for what a person took
 * back, one document per question and lane.
 */
export class MongoOutcomeStore extends UnclaimedStore<Example> {
  readonly #all: readonly Outcomes[];
  readonly #marks: ForgottenMarks;
  readonly #looking: Bulk<WorkKey, Claim<Example>>;
  readonly #putting: Readonly<Record<Ending, Bulk<OutcomeDocument, true>>>;

  constructor(collections: Readonly<Record<Ending, Outcomes>>, marks: ForgottenMarks) {
    super();
    const { dataset, rejections, retractions } = collections;
    this.#all = [dataset, rejections, retractions];
    this.#marks = marks;
    this.#looking = new Bulk('reading examples', (works) => this.#existingOf(works));
    this.#putting = {
      dataset: new Bulk('storing examples', (documents) => this.#putAll(dataset, documents)),
      rejections: new Bulk('storing rejections', (documents) => this.#putAll(rejections, documents)),
      retractions: new Bulk('storing retractions', (documents) => this.#putAll(retractions, documents)),
    };
  }

  claim(work: WorkKey): Promise<Claim<Example>> {
    return this.#looking.add(work);
  }

  override async complete(_held: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    await this.#putting[endingOf(finished.result.review)].add(newOutcome(finished));
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    if (workIds.length === 0) return;
    const marks = workIds.map((workId) => {
      const [lane, questionId, , revision] = workId.split('/');
      const filter = { _id: `${lane}/${questionId}`, revision: Number(revision) };
      return { updateOne: { filter, update: { $set: { published: true } } } };
    });
    await operation('marking as published', () =>
      Promise.all(this.#all.map((outcomes) => outcomes.bulkWrite(marks, { ordered: false }))),
    );
  }

  async #putAll(into: Outcomes, documents: readonly OutcomeDocument[]) {
    const others = this.#all.filter((outcomes) => outcomes !== into);
    await put(into, documents);
    // The last writer sees everything, so looking after writing is enough.
    const known = [
      { $match: { _id: { $in: documents.map(({ _id }) => _id) } } },
      { $project: { revision: 1 } },
    ];
    const found = await this.#found(others, known, documents);
    const elsewhere = found.flatMap(({ _id, revision }) =>
      typeof _id === 'string' ? [{ _id, revision: Number(revision) }] : [],
    );
    if (elsewhere.length > 0) await dropOvertaken(this.#all, [...documents, ...elsewhere]);
    await this.#marks.takeBack(this.#marks.in(found));
    return documents.map(() => true as const);
  }

  /** What the pipeline finds in each of the collections, and the marks of the questions, at one round trip. */
  #found(
    [first, ...others]: readonly Outcomes[],
    pipeline: readonly Document[],
    questions: readonly Readonly<{ questionId: string }>[],
  ): Promise<Document[]> {
    const unions = others.map(({ collectionName }) => ({
      $unionWith: { coll: collectionName, pipeline: [...pipeline] },
    }));
    const marks = this.#marks.unionOf(questions.map(({ questionId }) => questionId));
    return first?.aggregate([...pipeline, ...unions, marks]).toArray() ?? Promise.resolve([]);
  }

  async #existingOf(works: readonly WorkKey[]): Promise<readonly Claim<Example>[]> {
    const known = [{ $match: { _id: { $in: works.map(questionKey) } } }];
    const found = await this.#found(this.#all, known, works);
    const forgotten = this.#marks.in(found);
    const outcomes = found
      .filter(({ _id }) => _id !== undefined)
      .map((each) => readStored(outcomeDocumentSchema, each));
    await dropOvertaken(this.#all, outcomes);
    const existing = new Map(outcomes.map((each) => [keyOf(each._id, each.revision), each]));
    return works.map((work) => {
      if (forgotten.has(work.questionId)) return { kind: 'forgotten' };
      const outcome = existing.get(keyOf(questionKey(work), work.revision));
      if (outcome === undefined) return UNCLAIMED_WORK;
      return { kind: 'done', finished: finishedOutcomeOf(outcome), published: outcome.published };
    });
  }
}

const keyOf = (id: string, revision: number): string => `${id}/${revision}`;

function newOutcome(finished: Finished<Example>): OutcomeDocument {
  const { lane, questionId, revision } = finished.result;
  return {
    _id: `${lane}/${questionId}`,
    lane,
    questionId,
    revision,
    finished: boundedJson(finished),
    published: false,
    arrivedAt: new Date(),
  };
}

/** A later revision stands in for an earlier one, never the other way round. */
async function put(into: Outcomes, documents: readonly OutcomeDocument[]): Promise<void> {
  const taken = await insertNew(into, documents);
  const again = documents.filter((_, index) => taken.has(index));
  if (again.length === 0) return;
  const updates = again.map(({ _id, revision, finished, published }) => ({
    updateOne: {
      filter: { _id, revision: { $lt: revision } },
      update: { $set: { revision, finished, published } },
    },
  }));
  await into.bulkWrite(updates, { ordered: false });
}

type End = Readonly<{ _id: string; revision: number }>;

/** A question has one end: of several, those of lower revisions go. */
async function dropOvertaken(all: readonly Outcomes[], ends: readonly End[]): Promise<void> {
  const highest = new Map<string, number>();
  for (const { _id, revision } of ends) highest.set(_id, Math.max(revision, highest.get(_id) ?? 0));
  if (highest.size === ends.length) return;
  const drops = [...highest].map(([_id, revision]) => ({
    deleteOne: { filter: { _id, revision: { $lt: revision } } },
  }));
  await Promise.all(all.map((outcomes) => outcomes.bulkWrite(drops, { ordered: false })));
}
