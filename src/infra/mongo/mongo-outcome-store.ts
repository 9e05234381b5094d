import type { Collection } from 'mongodb';
import { type Example, exampleSchema } from '../../stages/example.ts';
import type { Claim, Finished, HeldWork, WorkId, WorkKey, WorkStore } from '../../streams/work.ts';
import { jsonText, readStored } from '../stored/read-stored.ts';
import { finishedSchema } from '../stored/schemas.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../stored/unclaimed-store.ts';
import { boundedJson } from './bounded-json.ts';
import { Bulk } from './bulk.ts';
import { type OutcomeDocument, outcomeDocumentSchema } from './documents.ts';
import type { ForgottenMarks } from './forgotten-marks.ts';
import { insertNew } from './insert-new.ts';
import { operation } from './operation.ts';
import { questionKey } from './question-documents.ts';

type Outcomes = Collection<OutcomeDocument>;

const finishedText = jsonText(finishedSchema(exampleSchema));

/** The example of an outcome, and how it came to be. Throws a Failure if it is none of ours. */
export function finishedOf(stored: unknown): Finished<Example> {
  return readStored(finishedText, readStored(outcomeDocumentSchema, stored).finished);
}

/**
 * The store of stage 5: `dataset` for approved examples, `rejections` for the others, one document per question and
 * lane.
 */
export class MongoOutcomeStore extends UnclaimedStore<Example> implements WorkStore<Example> {
  readonly #both: readonly Outcomes[];
  readonly #marks: ForgottenMarks;
  readonly #looking: Bulk<WorkKey, Claim<Example>>;
  readonly #approving: Bulk<OutcomeDocument, true>;
  readonly #rejecting: Bulk<OutcomeDocument, true>;

  constructor(dataset: Outcomes, rejections: Outcomes, marks: ForgottenMarks) {
    super();
    this.#both = [dataset, rejections];
    this.#marks = marks;
    this.#looking = new Bulk('reading examples', (works) => this.#standingOf(works));
    this.#approving = new Bulk('storing examples', (documents) =>
      this.#putAll(dataset, rejections, documents),
    );
    this.#rejecting = new Bulk('storing rejections', (documents) =>
      this.#putAll(rejections, dataset, documents),
    );
  }

  claim(work: WorkKey): Promise<Claim<Example>> {
    return this.#looking.add(work);
  }

  async complete(_held: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    const putting = finished.result.review.verdict === 'approved' ? this.#approving : this.#rejecting;
    await putting.add(newOutcome(finished));
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
      Promise.all(this.#both.map((outcomes) => outcomes.bulkWrite(marks, { ordered: false }))),
    );
  }

  async #putAll(into: Outcomes, other: Outcomes, documents: readonly OutcomeDocument[]) {
    const put = await putAll(into, other, documents);
    await this.#marks.sweep(documents.map(({ questionId }) => questionId));
    return put;
  }

  async #standingOf(works: readonly WorkKey[]): Promise<readonly Claim<Example>[]> {
    const filter = { _id: { $in: works.map(questionKey) } };
    const found = await Promise.all(this.#both.map((outcomes) => outcomes.find(filter).toArray()));
    await dropOvertaken(this.#both, found.flat());
    const forgotten = await this.#marks.among(works.map(({ questionId }) => questionId));
    const standing = new Map(found.flat().map((each) => [keyOf(each._id, each.revision), each]));
    return works.map((work) => {
      if (forgotten.has(work.questionId)) return { kind: 'forgotten' };
      const outcome = standing.get(keyOf(questionKey(work), work.revision));
      if (outcome === undefined) return UNCLAIMED_WORK;
      return { kind: 'done', finished: finishedOf(outcome), published: outcome.published };
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

/** A later revision stands in for an earlier one, never the other way round, and a question has one end. */
async function putAll(
  outcomes: Outcomes,
  others: Outcomes,
  documents: readonly OutcomeDocument[],
): Promise<readonly true[]> {
  const taken = await insertNew(outcomes, documents);
  const again = documents.filter((_, index) => taken.has(index));
  if (again.length > 0)
    await outcomes.bulkWrite(
      again.map(({ _id, revision, finished, published }) => ({
        updateOne: {
          filter: { _id, revision: { $lt: revision } },
          update: { $set: { revision, finished, published } },
        },
      })),
      { ordered: false },
    );
  // Whoever writes last sees both, so looking after writing is enough.
  const known = { _id: { $in: documents.map(({ _id }) => _id) } };
  const elsewhere = await others.find(known, { projection: { revision: 1 } }).toArray();
  if (elsewhere.length > 0) await dropOvertaken([outcomes, others], [...documents, ...elsewhere]);
  return documents.map(() => true);
}

type End = Readonly<{ _id: string; revision: number }>;

/** Of questions with two ends, those of lower revisions go. */
async function dropOvertaken(both: readonly Outcomes[], ends: readonly End[]): Promise<void> {
  const highest = new Map<string, number>();
  for (const { _id, revision } of ends) highest.set(_id, Math.max(revision, highest.get(_id) ?? 0));
  if (highest.size === ends.length) return;
  const drops = [...highest].map(([_id, revision]) => ({
    deleteOne: { filter: { _id, revision: { $lt: revision } } },
  }));
  await Promise.all(both.map((outcomes) => outcomes.bulkWrite(drops, { ordered: false })));
}
