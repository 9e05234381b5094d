import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../../support/temp-dir.ts';
import { entriesOf, failureOf, inShort, streamOf } from '../reading.ts';

const folder = fileURLToPath(new URL('../../../fixtures/parquet/', import.meta.url));
const codecs = readdirSync(folder).filter((name) => /-v[12]-/.test(name));

describe('Parquet that pyarrow and pandas wrote', () => {
  it('was written by six codecs, two kinds of pages, in one row group and in many', () => {
    expect(codecs).toHaveLength(24);
  });

  it.each(codecs)('is read row by row: %s', async (name) => {
    const entries = await entriesOf(join(folder, name));
    expect(inShort(entries)).toEqual(Array.from({ length: 25 }, (_, row) => `${row + 1} What is ${row}?`));
    expect(entries[24]).toMatchObject({ id: '9007199254741014', question: { topic: 'law' } });
    expect(entries[2]).toMatchObject({ question: { topic: 'chemistry' } });
  });

  it('holds lists of messages', async () => {
    const entries = await entriesOf(join(folder, 'messages.parquet'), { from: 'question' });
    expect(inShort(entries)).toEqual(['1 Why 0?', '2 Why 1?', '3 Why 2?']);
    expect(entries).toMatchObject([
      { metadata: { answer: 'So 0.', score: 0.5 } },
      { metadata: { answer: 'So 1.', score: null } },
      { metadata: { answer: 'So 2.', score: null } },
    ]);
  });

  it('is Alpaca where its columns say so', async () => {
    const entries = await entriesOf(join(folder, 'alpaca-pandas.parquet'), { from: 'question' });
    expect(inShort(entries)).toEqual(['1 Explain.', '2 Sum up.\n\nA text.']);
  });

  it('brings every type that JSON can hold, and no bytes', async () => {
    const [entry] = await entriesOf(join(folder, 'types.parquet'));
    expect(entry).toMatchObject({
      question: { text: 'Which types?' },
      metadata: {
        day: '2024-02-29',
        time: '2024-02-29T12:30:00.000Z',
        nanos: '2023-11-14T22:13:20.123Z',
        price: 12.5,
        big: '9223372036854775807',
        flag: true,
        vector: [1, 2],
        nested: { a: [{ b: 1 }], c: null },
      },
    });
    expect(Object.keys((entry?.kind === 'question' && entry.metadata) || {})).not.toContain('picture');
    expect(Object.keys((entry?.kind === 'question' && entry.metadata) || {})).not.toContain('image');
  });
});

describe('what is no Parquet that can be read', () => {
  async function file(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(await tempDir(), name);
    await writeFile(path, content);
    return path;
  }

  it('is refused: damaged, cut, of another kind, empty, or missing', async () => {
    const whole = await readFile(join(folder, 'zstd-v1-many.parquet'));
    const damaged = Uint8Array.from(whole).fill(0xff, 30, 90);
    for (const content of [damaged, whole.subarray(0, 300), 'question\nA?\n']) {
      const failure = await failureOf(entriesOf(await file('a.parquet', content)));
      expect([failure.kind, failure.code]).toEqual(['fatal', 'input_parquet']);
      expect(failure.message).toMatch(/a\.parquet could not be read as Parquet: /);
    }
    expect((await failureOf(entriesOf(await file('a.parquet', '')))).message).toMatch(
      /a\.parquet is empty: expected a Parquet file$/,
    );
    expect(await failureOf(entriesOf('/nowhere/a.parquet'))).toMatchObject({ code: 'input_missing' });
  });

  it('is refused where it is a stream, or packed once more', async () => {
    const whole = await readFile(join(folder, 'zstd-v1-one.parquet'));
    const stream = await failureOf(entriesOf('-', { stdin: streamOf(whole) }));
    expect([stream.code, stream.message]).toEqual(['input_binary', expect.stringContaining('no stream')]);
    const packed = await failureOf(entriesOf(await file('a.parquet.gz', whole)));
    expect([packed.code, packed.message]).toEqual(['input_packed', expect.stringContaining('unpack it')]);
  });
});
