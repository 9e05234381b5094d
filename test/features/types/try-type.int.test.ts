import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { triedText } from '../../../src/features/types/try-text.ts';
import { tryType } from '../../../src/features/types/try-type.ts';
import { type Settings, settingsSchema } from '../../../src/infra/config/settings.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';
import { tempDir } from '../../support/temp-dir.ts';

const settingsIn = (data: string, changes: object = {}): Settings =>
  settingsSchema.parse({ data, simulate: 'latency=0ms,reject=0%', ...changes });
const silent = () => undefined;

it('a try shows prompts, replies, scores and rows, in a folder of its own that only its owner reads', async () => {
  const data = await tempDir();
  const tried = await tryType(settingsIn(data), questionOf({ trainingType: 'dpo' }), silent);
  expect(tried.calls.map(({ stage }) => stage)).toEqual(['research', 'generation', 'review']);
  const text = triedText(tried);
  expect(text).toMatch(/^1\. research asks simulated\n {2}system\n {4}You are a careful researcher/);
  expect(text).toMatch(/\n2\. generation asks simulated\n/);
  expect(text).toMatch(/\napproved with \d+ of 10\n {2}correctness \d+: /);
  expect(text).toMatch(/\nAs columns:\n\{/);
  expect(text).toMatch(/\nFormats that hold it: .*openai-dpo/);
  expect(text).toMatch(/\n3 calls: .*\. The same again costs nothing\.\n/);
  expect(await readdir(data)).toEqual(['tries']);
  expect(statSync(join(tried.data, 'calls.jsonl')).mode & 0o777).toBe(0o600);
});

it('the same try again asks nothing, and shows the same', async () => {
  const data = await tempDir();
  const once = await tryType(settingsIn(data), questionOf(), silent);
  const again = await tryType(settingsIn(data), questionOf(), silent);
  expect(again.fresh).toBe(0);
  expect(again.calls).toEqual(once.calls);
  expect(again.example).toEqual(once.example);
  expect(triedText(again)).toMatch(/\nNothing was asked: this was tried before \(3 calls: /);
});

it('another question, model, or threshold is another try; another type of training leaves it as it was', async () => {
  const data = await tempDir();
  const folders = new Set<string>();
  const tries: readonly (readonly [object, object])[] = [
    [{}, {}],
    [{}, { text: 'Why is grass green?' }],
    [{ minScore: 3 }, {}],
    [{}, { trainingType: 'reasoning' }],
  ];
  for (const [changes, question] of tries)
    folders.add((await tryType(settingsIn(data, changes), questionOf(question), silent)).data);
  expect(folders.size).toBe(tries.length);
});

it('what is wrong with every answer is shown with the reason, and ends as a run with dead letters does', async () => {
  const data = await tempDir();
  const settings = settingsIn(data, { simulate: 'latency=0ms,malformed=100%' });
  const tried = await tryType(settings, questionOf(), silent);
  expect(tried.summary.counts.dead_lettered).toBe(1);
  expect(triedText(tried)).toMatch(/\nNo example: research gave it up, content\/not_json\n {4}\S/);
});

it('servers of the settings are left alone', async () => {
  const data = await tempDir();
  const settings = settingsIn(data, { kafka: 'localhost:1', mongo: 'mongodb://localhost:1' });
  const tried = await tryType(settings, questionOf(), silent);
  expect(tried.summary.counts.approved).toBe(1);
  expect(existsSync(join(data, 'millrace-simulated.db'))).toBe(false);
});
