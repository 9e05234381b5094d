import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const REST =
  'why does a buffer of a weak acid and its salt resist a change of pH, and when does it stop doing so?';

/** Each text differs from all others within its first few characters. */
export function questionText(index: number): string {
  return `Question ${index}: ${REST}`;
}

/** Writes a JSONL file of so many questions; with a mark of their own they are others than those without. */
export async function writeQuestions(path: string, count: number, mark = ''): Promise<void> {
  const lines = function* () {
    for (let index = 0; index < count; index += 1)
      yield `${JSON.stringify({ question: `${questionText(index)}${mark}`, topic: 'chemistry' })}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
