import { LongNumber } from '../../../stages/text/parse-exact.ts';
import { asFields, type RowFields } from './meant.ts';

const DEEPEST = 3;

/** What `--map` may name in a row: its columns, and in place of a column that holds an object the paths into it (`meta.q.text`). */
export function columnPaths(row: RowFields, depth = 1): readonly string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    const inner = depth < DEEPEST && !(value instanceof LongNumber) ? asFields(value) : undefined;
    const paths = inner === undefined ? [] : columnPaths(inner, depth + 1);
    return paths.length === 0 ? [name] : paths.map((path) => `${name}.${path}`);
  });
}

/** Whether it is a whole table, written column after column: each holds its cells by the number of their row. */
export function isByColumn(row: RowFields): boolean {
  const cells = Object.values(row).map(asFields);
  return cells.length > 0 && cells.every((column) => column !== undefined && Object.hasOwn(column, '0'));
}
