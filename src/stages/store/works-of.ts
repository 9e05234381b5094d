import type { WorkStore } from '../../streams/work/work.ts';
import { rowNamed } from '../table.ts';
import type { Store } from './store.ts';

/** Where the results of a stage stand; `undefined` for a stage that this process does not have. */
export function worksOf(store: Store, stage: string): WorkStore<unknown> | undefined {
  const row = rowNamed(stage);
  if (row === undefined) return undefined;
  return row.kept === 'works' ? store.works(stage) : store[row.kept];
}
