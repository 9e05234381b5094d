import type { InputEntry, InputOptions } from './input-entry.ts';
import { RowMapper } from './mapping/row-mapper.ts';
import { loadChecksFor, loadChecksNamedIn } from './mapping/with-given.ts';
import { openRows } from './open-rows.ts';

/**
 * The entries of a file, or of `options.stdin` where `source` is `-`, in order, read as they are asked for: memory holds
 * one chunk and one entry, whatever the length of the input, and the first rows until one has told their form. A line, row or
 * JSON entry that is no question comes as a bad entry and the rest goes on.
 *
 * What is wrong with the input as a whole is thrown as a fatal Failure, at the first entry asked for wherever it can be
 * known by then: those of `openRows` and of `RowMapper`.
 */
export async function* readQuestions(source: string, options: InputOptions): AsyncGenerator<InputEntry> {
  const { name, rows } = await openRows(source, options);
  await loadChecksFor(options.from, options.defaults.trainingType);
  const mapper = new RowMapper(name, options);
  for await (const row of rows) {
    if (row.kind === 'row') await loadChecksNamedIn(row.value);
    yield* mapper.push(row);
  }
  yield* mapper.end();
}
