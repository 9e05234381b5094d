import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderDatasetCard } from '../../../../src/infra/export/card/dataset-card.ts';
import { describeDataset } from '../../../../src/infra/export/dataset-file.ts';
import { FILE_TYPES, type FileType } from '../../../../src/infra/export/encoders/encoder.ts';
import { rowEncoder } from '../../../../src/infra/export/encoders/row-encoder.ts';
import { type ExportFormat, exportFormats, exportLines } from '../../../../src/stages/formats/index.ts';
import { isWellFormed } from '../../../../src/stages/text/well-formed.ts';
import { exampleOf, typeNames } from '../../../stages/formats/fixtures.ts';

/** Texts that are cut anywhere, in the middle of a character too; never blank. */
const cut = fc
  .array(fc.constantFrom('\ud83d', '\udc00', '\u{1f600}', 'é', '\\ud83d', '"', '\\', '\u2028'), {
    maxLength: 5,
  })
  .map((parts) => `a${parts.join('')}`);

const candidates = fc.record({ prompt: cut, answer: cut, reasoning: cut, user: cut, assistant: cut });

/** An example whose every text may hold half a character, as no door lets them in now, but older versions did. */
const record = fc
  .record({ type: fc.constantFrom(...typeNames), label: cut, name: cut, value: cut, said: candidates })
  .map(({ type, label, name, value, said }) => {
    const { prompt, answer, reasoning, user, assistant } = said;
    const turn = { user, assistant };
    const candidate = {
      prompt,
      answer,
      reasoning,
      turns: [turn, turn],
      chosen: `${answer}!`,
      rejected: reasoning,
    };
    const { question, research, review, provenance, ...rest } = exampleOf(type);
    const example = {
      ...rest,
      candidate,
      question: { ...question, text: prompt, topic: label, subTopic: label, context: value },
      research: { ...research, summary: value, keyPoints: [value] },
      review: { ...review, feedback: value, scores: { [name]: { score: 9, reason: value } } },
      provenance: provenance.map((each) => ({ ...each, model: label })),
    };
    return { example, submission: { id: value, metadata: { [name]: [value, { [name]: value }] } } };
  });

type Recorded = typeof record extends fc.Arbitrary<infer T> ? T : never;

async function bytesOf(fileType: FileType, format: ExportFormat, { example, submission }: Recorded) {
  const sentBack = [{ ...example.candidate, answer: `${example.candidate.answer}?`, chosen: 'none' }];
  const lines = exportLines(example, format, { asker: submission, sentBack });
  const rows = lines.filter((each) => each.kind === 'line');
  const encoder = await rowEncoder(fileType, format, rows[0]?.shape);
  const pieces = rows.map((row) => encoder.add(row) ?? new Uint8Array());
  return Buffer.concat([...pieces, encoder.end()]);
}

function readText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** The values in a file, and those of the JSON in its texts. */
async function valuesIn(fileType: FileType, bytes: Buffer<ArrayBuffer>): Promise<readonly unknown[]> {
  if (fileType === 'jsonl')
    return readText(bytes)
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquetReadObjects({ file });
  return rows.map((row) => Object.values(row).map((value) => (isJson(value) ? JSON.parse(value) : value)));
}

function isJson(value: unknown): value is string {
  return typeof value === 'string' && /^[[{]/.test(value);
}

describe('whatever a record holds, half a character included', () => {
  const files = FILE_TYPES.flatMap((type) => exportFormats.map((format) => [type, format] as const));

  it.each(files)('a file of type %s in the format %s is well-formed', async (fileType, format) => {
    await fc.assert(
      fc.asyncProperty(record, async (recorded) => {
        const bytes = await bytesOf(fileType, format, recorded);
        for (const value of await valuesIn(fileType, bytes)) expect(isWellFormed(value)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('so is the head of the card', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (recorded) => {
        async function* examples() {
          yield recorded;
        }
        const options = { examples: examples(), out: 'data.jsonl', format: 'record' as const };
        const card = renderDatasetCard(
          await describeDataset(options),
          { license: 'cc \ud83d:', languages: [] },
          new Date(0),
        );
        expect(isWellFormed(parse(card.split('---\n')[1] ?? ''))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
