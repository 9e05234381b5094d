import type { ByRight } from '../engines/sqlite/plans-by-right.ts';

const COUNTED = 'people ask how much there is, and it is counted';
const MOST_FOUND = 'as many as a search is to find';
const EVERY_CODE =
  'a search by vectors looks at every code of its model, and an older index has vectors alone';

/** Plans of the index of documents that read more than an index gives at once, and why they may. */
export const BY_RIGHT: readonly ByRight[] = [
  { file: 'source-index.ts', step: /^SEARCH d|^USE TEMP B-TREE/, sql: /^SELECT s\.\*/, why: COUNTED },
  {
    file: 'source-index.ts',
    step: /^SEARCH d USING INDEX/,
    sql: /^SELECT d\.\*/,
    why: 'every document of a source, which a look at its files compares with them',
  },
  {
    file: 'source-index.ts',
    step: /^USE TEMP B-TREE/,
    sql: /^SELECT DISTINCT/,
    why: 'the chunks of one document',
  },
  { file: 'index-file.ts', step: /^SCAN places/, sql: / LIMIT 1$/, why: 'only whether there is one' },
  { file: 'index-file.ts', step: /^SCAN (CONSTANT ROW|chunks|documents)/, why: COUNTED },
  { file: 'chunk-table.ts', step: /^SCAN CONSTANT ROW$/, why: 'a number that SQLite keeps' },
  {
    file: 'chunk-table.ts',
    step: /^SCAN c USING COVERING INDEX/,
    sql: /NOT EXISTS/,
    why: 'what somebody who was killed left, looked for once after all files of a source were',
  },
  { file: 'search.ts', step: /^USE TEMP B-TREE/, why: MOST_FOUND },
  {
    file: 'nearest-chunks.ts',
    step: /^SEARCH (vectors|vector_codes) USING .*\(space=\?\)$/,
    why: EVERY_CODE,
  },
  { file: 'nearest-chunks.ts', step: /^SEARCH d USING COVERING INDEX/, why: EVERY_CODE },
  ...['nearest-chunks.ts', 'vector-table.ts'].map((file) => ({
    ...{ file, step: /^SCAN sqlite_master$/, why: 'a dozen tables' },
  })),
  {
    file: 'vector-table.ts',
    step: /^USE TEMP B-TREE FOR ORDER BY$/,
    sql: /FROM vector_spaces/,
    why: 'a few models',
  },
  { file: 'vector-table.ts', step: /^SCAN c$/, sql: /^SELECT count/, why: COUNTED },
  {
    file: 'vector-table.ts',
    step: /^SEARCH (vectors|vector_codes) USING .*\(space=\?\)$/,
    sql: /^DELETE/,
    why: 'all of a model that answers no more',
  },
  {
    file: 'vector-codes.ts',
    step: /^SEARCH vectors .*chunk>\? AND chunk<\?/,
    why: 'the chunks of one row of codes',
  },
  {
    file: 'vector-codes.ts',
    step: /^SCAN vectors|^USE TEMP B-TREE/,
    sql: /^SELECT DISTINCT/,
    why: 'all codes are made once, where an older Millrace made the index',
  },
];
