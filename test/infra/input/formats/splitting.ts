import fc from 'fast-check';
import type { EntrySplitter } from '../../../../src/infra/input/formats/raw-entry.ts';

/** What a splitter makes of the chunks, in words: `LINE [LABEL]: TEXT`, or `LINE [LABEL]! REASON`. */
export function split(splitter: EntrySplitter, ...chunks: (string | Uint8Array)[]): string[] {
  const found: string[] = [];
  const take = (entries: ReturnType<EntrySplitter['end']>) => {
    for (const entry of entries) {
      const place = entry.label === '' ? `${entry.line}` : `${entry.line} ${entry.label}`;
      const text = entry.kind === 'whole' ? `: ${Buffer.from(entry.bytes).toString()}` : `! ${entry.reason}`;
      found.push(place + text);
    }
  };
  for (const chunk of chunks) take(splitter.push(Buffer.from(chunk)));
  take(splitter.end());
  return found;
}

/** The bytes cut into chunks at the given places, wherever they are. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

export const places = fc.array(fc.nat(), { maxLength: 8 });

/** Text made of the characters that mean something to a splitter, and a few that do not. */
export const trickyText = fc
  .array(fc.constantFrom('\n', '\r\n', '"', ',', '\\', '[', ']', '{', '}', ':', ' ', 'a', 'ü', '漢'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));
