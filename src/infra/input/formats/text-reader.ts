import type { RowReader } from './row.ts';

/** Plain text: a line is a question; blank lines are skipped. */
export const textReader: RowReader = (entry) =>
  entry.text === '' ? undefined : { kind: 'row', entry, value: entry.text };
