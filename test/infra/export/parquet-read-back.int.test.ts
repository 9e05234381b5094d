import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ParquetEncoder } from '../../../src/infra/export/encoders/parquet-encoder.ts';
import type { Example } from '../../../src/stages/example.ts';
import { ruleOf } from '../../../src/stages/formats/format.ts';
import { type ExportFormat, exportLines, formatNamed } from '../../../src/stages/formats/index.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';
import { entriesOf } from '../input/reading.ts';
import { emptyDirectory } from './workspace.ts';

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
const history = [
  { role: 'user', content: 'And in Oslo?' },
  { role: 'assistant', content: '', tool_calls: [{ id: 'call_1', name: 'weather', arguments: '{}' }] },
  { role: 'tool', tool_call_id: 'call_1', content: 'Clear.' },
  { role: 'assistant', content: 'Clear.' },
];

/** One example with all parts, and one with none: in Parquet both have all columns. */
function examples(more: object): readonly Example[] {
  const plain = exampleOf('sft', { candidate: { answer: 'Sunny.' } });
  const question = questionSchema.parse({ ...plain.question, text: 'And in Rome?', tools, history, ...more });
  return [{ ...plain, v: 2, question }, plain];
}

async function parquetOf(all: readonly Example[], format: ExportFormat): Promise<string> {
  const encoder = new ParquetEncoder(ruleOf(formatNamed(format), 'answers') ?? expect.fail('no rule'));
  const pieces: Uint8Array[] = [];
  for (const line of all.flatMap((example) => exportLines(example, format))) {
    if (line.kind !== 'line') expect.fail(line.reason);
    pieces.push(encoder.add(line) ?? new Uint8Array());
  }
  const path = join(await emptyDirectory(), `${format}.parquet`);
  await writeFile(path, Buffer.concat([...pieces, encoder.end()]));
  return path;
}

const record = { fields: { level: 'b' }, passages: [{ text: 'A passage.' }], reference: 'Sun.' };

it.each<[ExportFormat, object]>([
  ['record', record],
  ['openai', {}],
  ['trl', {}],
  ['axolotl', {}],
  ['sharegpt', {}],
])('an export as Parquet is read back as it was: %s', async (format, more) => {
  const all = examples({ system: 'You are the ACME bot.', ...more });
  const { topic, subTopic, trainingType } = exampleOf('sft').question;
  const defaults = { topic, subTopic, trainingType };
  const entries = await entriesOf(await parquetOf(all, format), { from: 'answer', defaults });
  expect(entries).toMatchObject(
    all.map(({ question, candidate }) => ({
      kind: 'question',
      question: { ...question, given: { candidate } },
    })),
  );
  const [, plain] = entries;
  expect(plain?.kind === 'question' && Object.keys(plain.question)).not.toContain('system');
});
