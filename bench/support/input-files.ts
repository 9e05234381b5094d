import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parquetWriteFile } from 'hyparquet-writer';
import { parquetSchema } from '../../src/infra/export/encoders/parquet-schema.ts';

/** Writes JSON lines of questions by our own names, about 120 bytes each. */
export async function writeLines(path: string, count: number): Promise<void> {
  async function* lines() {
    for (let index = 0; index < count; index += 1) {
      const question = `What is the boiling point of compound ${index} at ${index % 17} bar?`;
      yield `${JSON.stringify({ id: `q-${index}`, question, topic: 'chemistry', level: index % 5 })}\n`;
    }
  }
  await pipeline(lines(), createWriteStream(path));
}

/** As pyarrow has it. */
const PAGE_BYTES = 1_024 * 1_024;

/** Writes Parquet of `messages`, about 680 bytes a row, all in one row group. */
export function writeMessages(path: string, count: number): void {
  const text = { column: { kind: 'text' }, optional: false } as const;
  const fields = [
    ['role', text],
    ['content', text],
  ] as const;
  const of = { column: { kind: 'struct', fields }, optional: false } as const;
  const schema = parquetSchema([['messages', { column: { kind: 'list', of }, optional: false }]]);
  const data = Array.from({ length: count }, (_, index) => [
    { role: 'user', content: `Question ${index}: ${worded(index, 40)}?` },
    { role: 'assistant', content: `${worded(index * 7, 70)}.` },
  ]);
  parquetWriteFile({
    filename: path,
    schema,
    columnData: [{ name: 'messages', data }],
    rowGroupSize: count,
    pageSize: PAGE_BYTES,
  });
}

const WORDS = 'ice water bond heat light salt acid base metal gas flow mass time work force field'.split(' ');

/** So many words, of a text that is the same for the same seed. */
function worded(seed: number, count: number): string {
  return Array.from({ length: count }, (_, at) =>
    // No two texts are alike, so that none stands in a dictionary.
    at % 4 === 0 ? (seed * 7_919 + at * 104_729).toString(36) : WORDS[(seed + at * at) % WORDS.length],
  ).join(' ');
}
