import { extname } from 'node:path';
import { MAX_ENTRY_BYTES } from '../../stages/limits.ts';
import { Failure } from '../../streams/failure.ts';
import { formatOfFile, type InputFormat, jsonLines, plainTextFormat } from './formats/input-format.ts';
import { withNewlines } from './formats/line-ends.ts';
import { inUtf8 } from './in-utf8.ts';
import type { InputEntry, InputOptions } from './input-entry.ts';
import { RowMapper } from './mapping/row-mapper.ts';
import { loadChecksFor, loadChecksNamedIn } from './mapping/with-given.ts';
import { rowsOfAll } from './rows-of.ts';
import { FileChanges } from './sources/file-changes.ts';
import { FollowedFile } from './sources/followed-file.ts';

const LOOK_MS = 2_000;

export type FollowQuestionsOptions = InputOptions &
  Readonly<{
    /** Ends the following. A last line without its newline is left: it comes again with the next start. */
    signal: AbortSignal;
    onNotice?: (text: string) => void;
    /** How often the file is looked at where no notification comes. */
    lookMs?: number;
  }>;

/**
 * The entries of a file of lines from its beginning on, and of every line that is added, as `tail -F` shows them: a file
 * that is not there yet is waited for; one that is replaced is read to its end, then the new one from its beginning; one
 * that is cut is read from its beginning. A line counts once its newline is there. Nothing is remembered between two
 * starts: the same question twice is one question. Throws a fatal Failure (`input_follow`) for what is no file of lines.
 *
 * A file that is cut and grows past its old length between two looks cannot be told from one that only grew.
 */
export async function* followQuestions(
  path: string,
  options: FollowQuestionsOptions,
): AsyncGenerator<InputEntry> {
  const { signal, onNotice = () => undefined, lookMs = LOOK_MS } = options;
  const format = lineFormatOf(path);
  const changes = new FileChanges(path, lookMs, signal);
  let waiting = false;
  try {
    while (!signal.aborted) {
      const change = changes.next();
      const file = await FollowedFile.open(path, changes, signal);
      if (file === undefined) {
        if (!waiting) onNotice(`${path} is not there yet: waiting for it.`);
        waiting = true;
        await change;
        continue;
      }
      waiting = false;
      yield* entriesIn(file, path, format, options);
      if (file.end === 'replaced') onNotice(`${path} was replaced: reading the new one.`);
      if (file.end === 'cut') onNotice(`${path} was cut: reading it from its beginning.`);
    }
  } finally {
    changes.close();
  }
}

async function* entriesIn(
  file: FollowedFile,
  path: string,
  format: InputFormat,
  options: FollowQuestionsOptions,
): AsyncGenerator<InputEntry> {
  const maxEntryBytes = options.limits?.maxEntryBytes ?? MAX_ENTRY_BYTES;
  const lines = withNewlines(inUtf8(path, file.chunks(), options.encoding));
  await loadChecksFor(options.from, options.defaults.trainingType);
  const mapper = new RowMapper(path, { ...options, atOnce: true });
  try {
    // Nobody will finish the last line of a file that lost its name; in one that was cut it may be half of one.
    const isWhole = () => file.end === 'replaced';
    for await (const row of rowsOfAll(lines, format.open({ name: path, maxEntryBytes }), isWhole)) {
      if (row.kind === 'row') await loadChecksNamedIn(row.value);
      yield* mapper.push(row);
    }
  } finally {
    await file.close();
  }
}

function lineFormatOf(path: string): InputFormat {
  const format = formatOfFile(path);
  if (format === jsonLines || format === plainTextFormat) return format;
  const message = `${path} cannot be followed: expected a file of lines (.jsonl, .ndjson, .txt), came ${extname(path) || 'no extension'}.`;
  throw new Failure('fatal', 'input_follow', message);
}
