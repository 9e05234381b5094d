import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadDatasetOptions, readDataset } from '../../src/index.ts';
import { failureOf } from '../infra/input/reading.ts';
import { tempDir } from '../support/temp-dir.ts';

async function read(files: Readonly<Record<string, string>>, options?: ReadDatasetOptions) {
  const folder = await tempDir();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const found: unknown[] = [];
  for await (const each of readDataset(join(folder, '*'), options)) found.push(each);
  return found;
}

describe('readDataset', () => {
  it('yields questions that generateSyntheticData takes, and leaves open what a row leaves open', async () => {
    const csv = 'q,topic,note\nA?,law,x\n';
    const messages = JSON.stringify({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'B?' },
      ],
    });
    expect(await read({ 'a.csv': csv }, { map: { question: 'q' } })).toEqual([
      { question: 'A?', topic: 'law', metadata: { note: 'x' } },
    ]);
    expect(await read({ 'b.jsonl': `${messages}\n` })).toEqual([{ question: 'B?', system: 'Be brief.' }]);
  });

  it('ends at a row that is no question, or tells of it and goes on', async () => {
    const files = { 'a.jsonl': '{"question":"A?"}\n{"question":""}\n{"question":"C?"}\n' };
    const failure = await failureOf(read(files));
    expect([failure.code, failure.message]).toEqual([
      'bad_question',
      expect.stringMatching(/a\.jsonl:2: question: the question is empty$/),
    ]);
    const bad: number[] = [];
    const found = await read(files, { onBad: ({ line }) => bad.push(line) });
    expect([found, bad]).toEqual([[{ question: 'A?' }, { question: 'C?' }], [2]]);
  });
});
