import { questionKey } from '../../../../stages/store/question-key.ts';
import { type Cleaned, Cleanup } from '../../../../stages/store/repositories/cleanup.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import type { LaneName, WorkKey } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import { dropCounters } from '../counts/erase-counted.ts';
import { operation } from '../operation.ts';
import { countOldSteps, dropOldSteps, dropStepsOf } from './old-steps.ts';

/** What is old and settled in a database. */
export class MongoCleanup extends Cleanup {
  readonly #collections: Collections;

  constructor(tables: Tables, store: Cleaned, collections: Collections) {
    super(tables, store);
    this.#collections = collections;
  }

  countOldSteps(before: Date): Promise<number> {
    return operation('counting steps', () => countOldSteps(this.#collections, before));
  }

  dropOldSteps(before: Date): Promise<number> {
    return operation('deleting steps', () => dropOldSteps(this.#collections, before));
  }

  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    return operation('deleting steps', () => dropStepsOf(this.#collections, questionKey(of)));
  }

  protected dropBeside(lane: LaneName): Promise<void> {
    return operation('deleting the counts of a lane', () => dropCounters(this.#collections, lane));
  }
}
