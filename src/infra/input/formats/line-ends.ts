const RETURN = 0x0d;
const NEWLINE = 0x0a;

/** The same bytes with a newline in place of each carriage return that stands alone: old files end their lines with it. */
export async function* withNewlines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let held = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (held) yield Buffer.of(chunk[0] === NEWLINE ? RETURN : NEWLINE);
    held = chunk.at(-1) === RETURN;
    const bytes = mended(chunk);
    // What follows the last byte is not known yet.
    yield held ? bytes.subarray(0, -1) : bytes;
  }
  if (held) yield Buffer.of(NEWLINE);
}

function mended(chunk: Uint8Array): Uint8Array {
  let bytes: Uint8Array | undefined;
  for (let at = chunk.indexOf(RETURN); at >= 0; at = chunk.indexOf(RETURN, at + 1)) {
    if (chunk[at + 1] === NEWLINE) continue;
    bytes ??= Uint8Array.from(chunk);
    bytes[at] = NEWLINE;
  }
  return bytes ?? chunk;
}
