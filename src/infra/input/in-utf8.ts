import { StringDecoder } from 'node:string_decoder';
import { Failure } from '../../streams/failure.ts';
import { hasFirstLine, openBeginning } from './beginning.ts';

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARK_BYTES = 2;
/** No byte of any UTF-8 text. */
const NO_CHARACTER = Buffer.of(0xff);
const HALF = /\p{Cs}/u;
const CONTROL = /[^\P{Cc}\t\n\r]/u;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';
type Decoder = InstanceType<typeof TextDecoder>;

/**
 * The bytes of a text in UTF-8 without a byte order mark: UTF-16 is told by its mark, or by where its zero bytes are, and
 * written anew; halves of characters become bytes that no reader takes for text. Any other encoding is named by its `label`. UTF-32 is a fatal Failure (`input_encoding`).
 */
export async function* inUtf8(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  label?: string,
): AsyncGenerator<Uint8Array, void, void> {
  if (label !== undefined) {
    yield* decoded(chunks, decoderOf(label));
    return;
  }
  const { beginning, rest } = await openBeginning(chunks, hasFirstLine);
  const { encoding, markBytes } = encodingOf(beginning);
  if (beginning.length >= 4 && isUtf32(beginning)) {
    await rest[Symbol.asyncIterator]().return?.();
    throw new Failure('fatal', 'input_encoding', `${name} is UTF-32: expected UTF-8; save it as UTF-8`);
  }
  yield* encoding === 'utf-8' ? without(markBytes, rest) : rewritten(without(markBytes, rest), encoding);
}

/** Throws a fatal Failure `bad_encoding` for what no decoder is known by. */
function decoderOf(label: string): Decoder {
  try {
    return new TextDecoder(label);
  } catch (cause) {
    const message = `--encoding: expected a label such as utf-8, windows-1252 or shift_jis, came ${JSON.stringify(label)}.`;
    throw new Failure('fatal', 'bad_encoding', message, { cause });
  }
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  decoder: Decoder,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

function encodingOf(beginning: Uint8Array): Readonly<{ encoding: Encoding; markBytes: number }> {
  const [first, second] = beginning;
  if (UTF8_MARK.every((byte, index) => beginning[index] === byte)) {
    return { encoding: 'utf-8', markBytes: UTF8_MARK.length };
  }
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', markBytes: UTF16_MARK_BYTES };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', markBytes: UTF16_MARK_BYTES };
  return { encoding: unmarked(beginning), markBytes: 0 };
}

/** Text has no zero bytes in UTF-8; in UTF-16 its line ends, spaces and digits have one each, most on the same side. */
function unmarked(beginning: Uint8Array): Encoding {
  let [even, odd] = [0, 0];
  for (let at = beginning.indexOf(0); at >= 0; at = beginning.indexOf(0, at + 1)) {
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if (even === odd) return 'utf-8';
  const encoding = odd > even ? 'utf-16le' : 'utf-16be';
  const text = new TextDecoder(encoding).decode(beginning.subarray(0, beginning.length & ~1));
  return CONTROL.test(text) ? 'utf-8' : encoding;
}

function isUtf32(beginning: Uint8Array): boolean {
  const mark = Buffer.from(beginning.subarray(0, 4)).toString('hex');
  return mark === 'fffe0000' || mark === '0000feff';
}

async function* without(
  bytes: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let left = bytes;
  for await (const chunk of chunks) {
    const from = Math.min(left, chunk.length);
    left -= from;
    if (from < chunk.length) yield from === 0 ? chunk : chunk.subarray(from);
  }
}

async function* rewritten(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array, void, void> {
  const decoder = new StringDecoder('utf16le');
  let odd = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([odd, chunk]);
    const even = bytes.length & ~1;
    odd = Buffer.from(bytes.subarray(even));
    const units = bytes.subarray(0, even);
    yield encoded(decoder.write(encoding === 'utf-16be' ? units.swap16() : units));
  }
  yield encoded(decoder.end());
  if (odd.length > 0) yield NO_CHARACTER;
}

function encoded(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = text.split(HALF).flatMap((part) => [NO_CHARACTER, Buffer.from(part)]);
  return Buffer.concat(parts.slice(1));
}
