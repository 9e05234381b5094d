import { MAX_ENTRY_BYTES } from '../../stages/limits.ts';
import { Failure } from '../../streams/failure.ts';
import { hasFirstLine, openBeginning } from './beginning.ts';
import { type ByteSource, openFile, openStream } from './byte-source.ts';
import { entriesOf } from './entries-of.ts';
import { EntryParser } from './entry-parser.ts';
import type { Format } from './formats/format.ts';
import { formatOf } from './formats/format-of-content.ts';
import { withNewlines } from './formats/line-ends.ts';
import { inUtf8 } from './in-utf8.ts';
import type { InputEntry, InputOptions } from './input-entry.ts';
import { unpacked } from './unpack.ts';

/**
 * The entries of a file, or of `options.stdin` where `source` is `-`, in order, read as they are asked for: memory holds
 * one chunk and one entry, whatever the length of the input. A line, CSV row or JSON entry that is no question comes as a
 * bad entry and the rest goes on.
 *
 * What is wrong with the input as a whole is thrown as a fatal Failure, at the first entry asked for wherever it can be
 * known by then: `input_missing`, `input_directory`, `input_unreadable`, `input_extension`, `input_empty`,
 * `input_encoding`, `input_columns`, `input_json`, `input_packed`, `input_binary`, `input_unknown`. A `.json` that breaks midway gives its entries up to there and a bad
 * entry that says so.
 */
export async function* readQuestions(source: string, options: InputOptions): AsyncGenerator<InputEntry> {
  const input = await openSource(source, options);
  const text = withNewlines(inUtf8(input.name, unpacked(input.name, input.chunks)));
  const { beginning, rest } = await openBeginning(text, hasFirstLine);
  const format = formatOf(input.name, beginning, input.format);
  const { splitter, read } = format.open({
    parser: new EntryParser(options),
    name: input.name,
    maxEntryBytes: options.limits?.maxEntryBytes ?? MAX_ENTRY_BYTES,
  });
  let found = false;
  for await (const chunk of rest) {
    for (const entry of entriesOf(splitter.push(chunk), read)) {
      found = true;
      yield entry;
    }
  }
  for (const entry of entriesOf(splitter.end(), read)) {
    found = true;
    yield entry;
  }
  if (!found) throw nothingIn(input, format, beginning.length === 0);
}

function openSource(source: string, { stdin }: InputOptions): Promise<ByteSource> | ByteSource {
  if (source !== '-') return openFile(source);
  if (stdin !== undefined) return openStream(stdin);
  throw new Failure('fatal', 'input_missing', 'no standard input: expected a stream of questions');
}

function nothingIn({ name }: ByteSource, { expects }: Format, empty: boolean): Failure {
  const came = empty ? 'is empty' : 'holds no questions';
  return new Failure('fatal', 'input_empty', `${name} ${came}: expected ${expects}`);
}
