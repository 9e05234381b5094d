import { below } from '../../../../src/stages/store/question-key.ts';
import { Cleanup } from '../../../../src/stages/store/repositories/cleanup.ts';
import { update } from '../../../../src/stages/store/table/table.ts';
import { WORKS } from './works.ts';

const ALL_WORKS = Object.values(WORKS);

/** What is old and settled. */
export class MemoryCleanup extends Cleanup {
  protected async withSteps(keys: readonly string[]): Promise<readonly string[]> {
    const where = below(keys);
    const works = (await Promise.all(ALL_WORKS.map((table) => this.tables.page(table, { where })))).flat();
    const stepped = works.filter(({ steps }) => Object(steps).length > 0);
    const having = new Set(stepped.map(({ lane, questionId }) => `${lane}/${questionId}`));
    return keys.filter((key) => having.has(key));
  }

  protected async dropSteps(keys: readonly string[]): Promise<void> {
    await this.tables.write(ALL_WORKS.map((table) => update(table, below(keys), { steps: [] })));
  }

  /** Counts are sums over what stands. */
  protected async dropBeside(): Promise<void> {}
}
