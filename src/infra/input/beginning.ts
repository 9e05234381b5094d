import { Failure } from '../../streams/failure.ts';

const UTF8_BOM = [0xef, 0xbb, 0xbf];
const UTF16_BOMS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const SPACE = 0x20;
const MAX_BEGINNING_BYTES = 64 * 1_024;

/** A byte stream whose beginning has been looked at: `beginning` is empty if the input is, else `rest` starts with it. */
export type Opened = Readonly<{ beginning: Uint8Array; rest: AsyncIterable<Uint8Array> }>;

/**
 * Reads up to the first character that is no white space (within 64 KiB) and takes a byte order mark away. UTF-16 is a
 * fatal Failure (`input_encoding`). The whole input is read, or left, through `rest`.
 */
export async function openBeginning(name: string, chunks: AsyncIterable<Uint8Array>): Promise<Opened> {
  const iterator = chunks[Symbol.asyncIterator]();
  let beginning = Buffer.alloc(0);
  while (!tells(beginning)) {
    const next = await iterator.next();
    if (next.done === true) break;
    beginning = Buffer.concat([beginning, next.value]);
  }
  if (UTF16_BOMS.some((mark) => startsWith(beginning, mark))) {
    await iterator.return?.();
    throw new Failure('fatal', 'input_encoding', `${name} is UTF-16: expected UTF-8; save it as UTF-8`);
  }
  const text = startsWith(beginning, UTF8_BOM) ? beginning.subarray(UTF8_BOM.length) : beginning;
  return { beginning: text, rest: resume(text, iterator) };
}

function tells(beginning: Buffer): boolean {
  if (beginning.length < UTF8_BOM.length) return false;
  return (
    beginning.length > MAX_BEGINNING_BYTES || beginning.subarray(UTF8_BOM.length).some((byte) => byte > SPACE)
  );
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

async function* resume(
  beginning: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield beginning;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
