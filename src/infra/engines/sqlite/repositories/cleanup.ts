import { below } from '../../../../stages/store/question-key.ts';
import { Cleanup } from '../../../../stages/store/repositories/cleanup.ts';
import { RUNS } from '../../../../stages/store/repositories/runs.ts';
import { clear } from '../../../../stages/store/table/pages.ts';
import { remove, tableOf } from '../../../../stages/store/table/table.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import { laneScope, runScope } from '../work/counters.ts';
import { STEPS } from './erasure.ts';

const STATUS_COUNTS = tableOf('status_counts', { scope: 'text' });
const COUNTS_OF_LANE = ['ends_per_minute', 'tallies'].map((name) => tableOf(name, { lane: 'text' }));

/** What is old and settled in a SQLite file. */
export class SqliteCleanup extends Cleanup {
  protected async withSteps(keys: readonly string[]): Promise<readonly string[]> {
    const steps = await this.tables.page(STEPS, { where: below(keys) });
    const having = new Set(steps.map(({ id }) => String(id).split('/', 2).join('/')));
    return keys.filter((key) => having.has(key));
  }

  protected async dropSteps(keys: readonly string[]): Promise<void> {
    await this.tables.write([remove(STEPS, below(keys))]);
  }

  protected async dropBeside(lane: LaneName): Promise<void> {
    await clear(this.tables, STEPS, { id: { startsWith: `${lane}/` } });
    const runs = await this.tables.page(RUNS, { where: { lane } });
    const scopes = [laneScope(lane), ...runs.map(({ id }) => runScope(String(id)))];
    const counts = COUNTS_OF_LANE.map((table) => remove(table, { lane }));
    await this.tables.write([remove(STATUS_COUNTS, { scope: { in: scopes } }), ...counts]);
  }
}
