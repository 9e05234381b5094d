import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { errorText, Failure } from '../../streams/failure.ts';
import { openBeginning } from './beginning.ts';

/** Texts are packed to a tenth, rarely to a hundredth: what unpacks to more was made to fill memory and disk. */
const MOST_TIMES = 200;
const ALWAYS_BYTES = 16 * 1_024 * 1_024;
const MARK_BYTES = 6;

/** By how a file begins: https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc8878 */
const UNPACKERS: readonly Readonly<{ mark: string; open: () => Transform }>[] = [
  { mark: '1f8b', open: () => createGunzip() },
  { mark: '28b52ffd', open: () => createZstdDecompress() },
];
const OTHERS: readonly Readonly<{ mark: string; what: string }>[] = [
  { mark: '504b0304', what: 'a zip archive, as .xlsx and .docx are: save a sheet as CSV, or unpack it' },
  { mark: '377abcaf271c', what: 'a 7z archive: unpack it' },
  { mark: 'fd377a585a00', what: 'packed by xz: unpack it, or pack it by gzip or zstd' },
  { mark: '425a68', what: 'packed by bzip2: unpack it, or pack it by gzip or zstd' },
  { mark: '04224d18', what: 'packed by lz4: unpack it, or pack it by gzip or zstd' },
  { mark: '50415231', what: 'Parquet, which is no stream: name it as a file, X.parquet' },
  { mark: '25504446', what: 'a PDF: save its questions as text, one a line' },
  { mark: 'd0cf11e0', what: 'an old Office file: save it as CSV' },
  { mark: '53514c697465', what: 'an SQLite database: save its questions as JSON lines' },
];

/**
 * The bytes of an input, unpacked if it begins as gzip or zstd does, a piece at a time. Throws fatal Failures: `input_packed`
 * for what is damaged, cut short or unpacks to more than 200 times its size, `input_binary` for a kind of file that holds
 * no lines of text.
 */
export async function* unpackedInput(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const { beginning, rest } = await openBeginning(chunks, ({ length }) => length >= MARK_BYTES);
  const mark = Buffer.from(beginning.subarray(0, MARK_BYTES)).toString('hex');
  const other = OTHERS.find((each) => mark.startsWith(each.mark));
  const unpacker = UNPACKERS.find((each) => mark.startsWith(each.mark));
  if (other !== undefined) {
    await rest[Symbol.asyncIterator]().return?.();
    throw new Failure('fatal', 'input_binary', `${name} is ${other.what}. Expected text.`);
  }
  yield* unpacker === undefined ? rest : through(name, rest, unpacker.open());
}

async function* through(
  name: string,
  packed: AsyncIterable<Uint8Array>,
  unpacker: Transform,
): AsyncGenerator<Uint8Array, void, void> {
  let [came, gave] = [0, 0];
  const counted = async function* () {
    for await (const chunk of packed) {
      came += chunk.length;
      yield chunk;
    }
  };
  const piped = pipeline(Readable.from(counted()), unpacker);
  piped.catch(() => undefined);
  try {
    for await (const chunk of unpacker) {
      if (!(chunk instanceof Uint8Array)) continue;
      gave += chunk.length;
      if (gave > ALWAYS_BYTES && gave > MOST_TIMES * came) throw tooMuch(name);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const message = `${name} could not be unpacked: it is damaged or cut short (${errorText(cause)})`;
    throw new Failure('fatal', 'input_packed', message, { cause });
  }
}

function tooMuch(name: string): Failure {
  const message = `${name} unpacks to more than ${MOST_TIMES} times its size: unpack it yourself if it is what you want`;
  return new Failure('fatal', 'input_packed', message);
}
