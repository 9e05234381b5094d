import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ended } from '../../goldens/process.ts';
import { tempDir } from '../../support/temp-dir.ts';

const rows = Array.from({ length: 12 }, (_, index) => ({
  instruction: `Why does ice of kind ${index} float?`,
  output: `Answer ${index}: it is lighter than water.`,
}));

it("answers of one's own are judged at no call of a writer; weak ones are mended, and each is a pair with its better one", async () => {
  const directory = await tempDir();
  await writeFile(join(directory, 'alpaca.json'), JSON.stringify(rows));
  const run = ['run', 'alpaca.json', '--from', 'answer', '--simulate', 'latency=1ms,reject=40%,seed=7'];
  await ended(directory, ...run, '--quiet', '--format', 'record', '--out', 'out.jsonl', '--data', 'data');
  const text = await readFile(join(directory, 'out.jsonl'), 'utf8');
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kept = records.filter(({ revision }) => revision === 0);
  const mended = records.filter(({ revision }) => revision > 0);
  expect(kept.length).toBeGreaterThan(0);
  expect(mended.length).toBeGreaterThan(0);
  for (const { candidate, question, provenance, v } of records) {
    expect(v).toBe(2);
    expect(question.given).toEqual({ sha256: expect.any(String) });
    const calls = provenance.map((each: { stage: string; model: string; calls: number }) => [
      each.stage,
      each.calls,
    ]);
    expect(calls.slice(0, 3)).toEqual([
      ['research', 0],
      ['generation', 0],
      ['review', 1],
    ]);
    expect(provenance[1]).toMatchObject({ model: 'imported', costUsd: 0 });
    if (provenance.length === 3) expect(candidate.answer).toMatch(/^Answer \d+: it is lighter/);
  }
  await ended(directory, 'export', '--dry-run', '--data', 'data', '--format', 'dpo', '--out', 'pairs.jsonl');
  const pairs = (await readFile(join(directory, 'pairs.jsonl'), 'utf8')).trim().split('\n');
  expect(pairs).toHaveLength(mended.length);
  for (const line of pairs)
    expect(JSON.parse(line).rejected[0].content).toMatch(/^Answer \d+: it is lighter/);
});
