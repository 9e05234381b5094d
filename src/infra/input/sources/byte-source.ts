import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { errorText, Failure } from '../../../streams/failure.ts';
import { systemCode } from '../../files/file-failure.ts';
import { EXTENSIONS, formatOfPath, type InputFormat } from '../formats/input-format.ts';

/** What helps where somebody has a data set on disk as the library `datasets` keeps it. */
export const ARROW = 'save_to_disk of datasets writes .arrow, which is not read: write with to_parquet';

/** An opened input; `format` is `undefined` where only its beginning can tell. */
export type ByteSource = Readonly<{
  name: string;
  format: InputFormat | undefined;
  chunks: AsyncIterable<Uint8Array>;
}>;

/** Standard input, or what is given in its place. */
export function openStream(stream: Readable): ByteSource {
  const name = 'standard input';
  return { name, format: undefined, chunks: chunksOf(stream, name) };
}

/**
 * A file, or a named pipe. Missing, a directory, not to be read or of an unknown extension: a fatal Failure. The file is
 * closed when its chunks end or are left early.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const found = await stat(path).catch((error: unknown) => {
    throw openFailure(path, error);
  });
  if (found.isDirectory()) {
    throw new Failure('fatal', 'input_directory', `${path} is a directory: expected a file of questions`);
  }
  if (/\.parquet\.\w+$/i.test(path)) {
    const message = `${path}: Parquet is packed in itself, and no stream: unpack it`;
    throw new Failure('fatal', 'input_packed', message);
  }
  const { format, packed } = formatOfPath(path);
  if (format === undefined && !packed && found.isFile()) {
    const arrow = /\.arrow$/i.test(path) ? ` (${ARROW})` : '';
    const expected = `expected one of ${EXTENSIONS.join(', ')}, also packed as .gz or .zst, or .parquet${arrow}`;
    throw new Failure('fatal', 'input_extension', `${path}: the extension says no known format; ${expected}`);
  }
  return { name: path, format, chunks: fileChunks(path) };
}

/** The file is opened when its first chunk is asked for, so that a failure to open has a reader to go to. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  yield* chunksOf(createReadStream(path), path);
}

async function* chunksOf(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    throw openFailure(name, error);
  }
}

/** What keeps an input from being read, as a Failure of kind `fatal`. */
export function openFailure(name: string, cause: unknown): Failure {
  const code = systemCode(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new Failure('fatal', 'input_missing', `${name} does not exist: expected a file of questions`, {
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `${name} may not be read by this user: change its permissions`;
    return new Failure('fatal', 'input_unreadable', message, { cause });
  }
  return new Failure('fatal', 'input_unreadable', `${name} could not be read: ${errorText(cause)}`, {
    cause,
  });
}
