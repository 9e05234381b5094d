import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnsOf } from '../../../../src/infra/export/encoders/parquet-column.ts';
import { ParquetEncoder } from '../../../../src/infra/export/encoders/parquet-encoder.ts';
import { recordSchema } from '../../../../src/stages/formats/record.ts';
import { exampleOf } from '../../../stages/formats/fixtures.ts';

type Line = Readonly<Record<string, unknown>>;

/** The file that the encoder makes of the lines, and how many pieces it came in. */
function fileOf(rule: z.ZodType<unknown>, lines: Iterable<Line>) {
  const encoder = new ParquetEncoder(rule);
  const pieces: Uint8Array[] = [];
  for (const value of lines) {
    const piece = encoder.add({ line: JSON.stringify(value), value });
    if (piece !== undefined) pieces.push(piece);
  }
  pieces.push(encoder.end());
  const bytes = Buffer.concat(pieces);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { file, pieces, groups: parquetMetadata(file).row_groups };
}

describe('a Parquet file', () => {
  const rule = z.strictObject({
    messages: z.array(z.strictObject({ role: z.string(), thought: z.string().optional() })),
    history: z.array(z.tuple([z.string(), z.string()])),
    label: z.boolean(),
    costUsd: z.number().nullable(),
    calls: z.int(),
    anything: z.unknown(),
  });
  const line = {
    messages: [{ role: 'user' }, { role: 'assistant', thought: 'é\u2028' }],
    history: [['q', 'a']],
    label: true,
    costUsd: null,
    calls: 2,
    anything: { deep: [1] },
  };

  it('has the columns of the rule: lists, structs, what may be null, and JSON for what has no structure', async () => {
    const { file } = fileOf(rule, [line, { ...line, messages: [], history: [], costUsd: 0.5 }]);
    expect(await parquetReadObjects({ file })).toEqual([
      {
        ...line,
        messages: [{ role: 'user', thought: null }, line.messages[1]],
        calls: 2n,
        anything: '{"deep":[1]}',
      },
      { ...line, messages: [], history: [], costUsd: 0.5, calls: 2n, anything: '{"deep":[1]}' },
    ]);
  });

  it('is written row group by row group, so that memory does not grow with it', () => {
    const text = 'x'.repeat(1_000_000);
    function* many() {
      for (let index = 0; index < 24; index += 1) yield { text };
    }
    const { pieces, groups } = fileOf(z.strictObject({ text: z.string() }), many());
    // Nine lines pass the 8 million characters of a group.
    expect([pieces.length, groups.map((group) => Number(group.num_rows))]).toEqual([3, [9, 9, 6]]);
  });

  it('whose rule leaves the columns open has all that its rows have, of one kind or as JSON', async () => {
    const { file } = fileOf(z.record(z.string(), z.unknown()), [
      { id: 'a', hint: null, score: 8, mixed: 1 },
      { id: 'b', hint: 'H', score: 7, mixed: 'one', system: 'You are a bot.' },
    ]);
    expect(await parquetReadObjects({ file })).toEqual([
      { id: 'a', hint: null, score: 8, mixed: '1', system: null },
      { id: 'b', hint: 'H', score: 7, mixed: '"one"', system: 'You are a bot.' },
    ]);
  });

  it('without rows has the columns all the same', async () => {
    const { file } = fileOf(rule, []);
    expect(parquetMetadata(file).schema.map(({ name }) => name)).toContain('messages');
    expect(await parquetReadObjects({ file })).toEqual([]);
  });

  it('holds everything that a record holds', async () => {
    const example = exampleOf('sft');
    const { file } = fileOf(recordSchema, [{ id: 'mine', metadata: { a: 1 }, ...example }]);
    const [row] = await parquetReadObjects({ file });
    expect(row).toMatchObject({ id: 'mine', metadata: '{"a":1}', questionId: example.questionId });
    expect(JSON.parse(String(row?.['candidate']))).toEqual(example.candidate);
    expect(row?.['provenance']).toMatchObject([{ model: 'gpt-x', costUsd: 0.002, usage: { input: 1_000 } }]);
  });

  it('is refused for lines that are no objects', () => {
    expect(() => columnsOf(z.string())).toThrow(TypeError);
  });
});
