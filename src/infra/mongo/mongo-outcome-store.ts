import type { Collection } from 'mongodb';
import type { Example } from '../../stages/example.ts';
import type { Claim, Finished, HeldWork, Token, WorkId, WorkKey, WorkStore } from '../../streams/work.ts';
import { Bulk } from './bulk.ts';
import type { OutcomeDocument } from './documents.ts';
import { classifyMongo, DUPLICATE_KEY } from './mongo-failure.ts';
import { questionKey } from './mongo-questions.ts';

/** Nothing is claimed, so every holder has the same token. */
const UNCLAIMED = 'unclaimed' as Token;

/**
 * The store of stage 5: `dataset` for approved examples, `rejections` for the others. Its work is free and the same
 * however often it is done, so nothing is claimed.
 */
export class MongoOutcomeStore implements WorkStore<Example> {
  readonly #dataset: Collection<OutcomeDocument>;
  readonly #rejections: Collection<OutcomeDocument>;
  readonly #puts: Bulk<Example, true>;

  constructor(dataset: Collection<OutcomeDocument>, rejections: Collection<OutcomeDocument>) {
    this.#dataset = dataset;
    this.#rejections = rejections;
    this.#puts = new Bulk('storing examples', (examples) => this.#putAll(examples));
  }

  async claim(work: WorkKey): Promise<Claim<Example>> {
    const filter = { _id: questionKey(work), revision: work.revision };
    const found = await this.#doing('reading an example', async () => {
      return (await this.#dataset.findOne(filter)) ?? (await this.#rejections.findOne(filter));
    });
    if (found === null) return { kind: 'claimed', token: UNCLAIMED, attempts: [] };
    return { kind: 'done', finished: finishedOf(found.example), published: found.published };
  }

  takeOver(work: WorkKey): Promise<Claim<Example>> {
    return this.claim(work);
  }

  async renew(): Promise<readonly WorkId[]> {
    return [];
  }

  async release(): Promise<void> {}

  async recordAttempt(): Promise<void> {}

  async complete(_held: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    await this.#puts.add(finished.result);
    return 'stored';
  }

  async bury(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const operations = workIds.map((workId) => {
      const [lane, questionId, , revision] = workId.split('/');
      const filter = { _id: `${lane}/${questionId}`, revision: Number(revision) };
      return { updateOne: { filter, update: { $set: { published: true } } } };
    });
    await this.#doing('marking as published', async () => {
      await this.#dataset.bulkWrite(operations, { ordered: false });
      await this.#rejections.bulkWrite(operations, { ordered: false });
    });
  }

  async #putAll(examples: readonly Example[]): Promise<readonly true[]> {
    const approved = examples.filter(({ review }) => review.verdict === 'approved');
    const others = examples.filter(({ review }) => review.verdict !== 'approved');
    await putInto(this.#dataset, approved);
    await putInto(this.#rejections, others);
    return examples.map(() => true);
  }

  async #doing<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw classifyMongo(error, doing);
    }
  }
}

/** A later revision stands in for an earlier one, never the other way round: its key is there, and that is fine. */
async function putInto(collection: Collection<OutcomeDocument>, examples: readonly Example[]): Promise<void> {
  if (examples.length === 0) return;
  const updatedAt = new Date();
  const puts = examples.map((example) => {
    const { lane, questionId, revision } = example;
    const standing = { lane, questionId, revision, drive: 0, example, published: false, updatedAt };
    const filter = { _id: `${lane}/${questionId}`, revision: { $lt: revision } };
    return { replaceOne: { filter, replacement: standing as Omit<OutcomeDocument, '_id'>, upsert: true } };
  });
  await collection.bulkWrite(puts, { ordered: false }).catch((error: { code?: unknown }) => {
    if (error.code !== DUPLICATE_KEY) throw error;
  });
}

function finishedOf(result: Example): Finished<Example> {
  const usage = { input: 0, output: 0, cached: 0, reasoning: 0 };
  return { result, model: '', recipe: '', usage, costUsd: 0, attempts: [] };
}
