const MAX_BEGINNING_BYTES = 64 * 1_024;

/** A byte stream whose beginning has been looked at: `beginning` is empty if the input is, else `rest` starts with it. */
export type Opened = Readonly<{ beginning: Uint8Array; rest: AsyncIterable<Uint8Array> }>;

/** Reads chunks until what came is `enough` (within 64 KiB). The whole input is read, or left, through `rest`. */
export async function openBeginning(
  chunks: AsyncIterable<Uint8Array>,
  enough: (beginning: Uint8Array) => boolean,
): Promise<Opened> {
  const iterator = chunks[Symbol.asyncIterator]();
  let beginning = Buffer.alloc(0);
  while (beginning.length <= MAX_BEGINNING_BYTES && !enough(beginning)) {
    const next = await iterator.next();
    if (next.done === true) break;
    beginning = Buffer.concat([beginning, next.value]);
  }
  return { beginning, rest: resume(beginning, iterator) };
}

/** Whether there is a whole line in it that is not blank. */
export function hasFirstLine(beginning: Uint8Array): boolean {
  const start = beginning.findIndex((byte) => byte > SPACE);
  return start >= 0 && beginning.indexOf(NEWLINE, start) >= 0;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;

async function* resume(
  beginning: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (beginning.length > 0) yield beginning;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
