import type { Filter } from 'mongodb';
import { below } from '../../../../stages/store/question-key.ts';
import {
  type Cleaned,
  Cleanup,
  type EndedQuestion,
  STEPPED_AT_ONCE,
} from '../../../../stages/store/repositories/cleanup.ts';
import { type Tables, tableOf } from '../../../../stages/store/table/table.ts';
import { inBatches } from '../../../../streams/in-batches.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import { allWorks, type Collections } from '../collections.ts';
import { dropCounters } from '../counts/erase-counted.ts';
import type { WorkDocument } from '../documents.ts';
import { classifyMongo } from '../failure.ts';
import { operation } from '../operation.ts';
import { filterOf } from '../table/filter.ts';

const WORKS = tableOf('works', { id: 'text' });

/** What is old and settled in a database. */
export class MongoCleanup extends Cleanup {
  readonly #collections: Collections;

  constructor(tables: Tables, store: Cleaned, collections: Collections) {
    super(tables, store);
    this.#collections = collections;
  }

  /** Lane by lane, from the index of ends: by their ids, all that did not end before then would be read as well. */
  protected override async *endedBefore(before: Date): AsyncGenerator<readonly EndedQuestion[]> {
    const { questions } = this.#collections;
    const projection = { questionId: 1, status: 1 } as const;
    for (const lane of await operation('listing lanes', () => questions.distinct('lane'))) {
      const ended = questions.find({ lane, endedAt: { $lt: before } }, { projection });
      try {
        for await (const some of inBatches(ended, STEPPED_AT_ONCE))
          yield some.map(({ _id: id, questionId, status }) => ({ id, questionId, status }));
      } catch (error) {
        throw classifyMongo(error, 'looking for questions that ended');
      }
    }
  }

  protected withSteps(keys: readonly string[]): Promise<readonly string[]> {
    const projection = { lane: 1, questionId: 1 };
    return operation('looking for steps', async () => {
      const looking = allWorks(this.#collections).map((works) =>
        works.find(stepped(keys), { projection }).toArray(),
      );
      const found = (await Promise.all(looking)).flat();
      const having = new Set(found.map(({ lane, questionId }) => `${lane}/${questionId}`));
      return keys.filter((key) => having.has(key));
    });
  }

  protected dropSteps(keys: readonly string[]): Promise<void> {
    return operation('deleting steps', async () => {
      for (const works of allWorks(this.#collections))
        await works.updateMany(stepped(keys), { $unset: { steps: true, stepCount: true } });
    });
  }

  protected dropBeside(lane: LaneName): Promise<void> {
    return operation('deleting the counts of a lane', () => dropCounters(this.#collections, lane));
  }
}

/** Works of these questions that have steps. */
function stepped(keys: readonly string[]): Filter<WorkDocument> {
  return { ...filterOf(WORKS, below(keys)), stepCount: { $exists: true } };
}
