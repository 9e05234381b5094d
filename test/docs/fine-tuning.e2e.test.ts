import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ended } from '../goldens/process.ts';
import { tempDir } from '../support/temp-dir.ts';

const page = readFileSync(new URL('../../docs/fine-tuning.md', import.meta.url), 'utf8');
const questions = new URL('../../examples/questions.jsonl', import.meta.url).pathname;
const exports = [...page.matchAll(/^millrace (export .*)$/gm)].map(([, command]) => command ?? '');
const files = new Map(
  [...page.matchAll(/^```\w+ (chemistry\/\S+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name, text]),
);

const SHOWN = new Map([
  ['sharegpt', 'chemistry/dataset_info.json'],
  ['axolotl', 'chemistry/axolotl.yaml'],
]);

it('the commands of docs/fine-tuning.md write the parts and the files that the page shows', async () => {
  expect(exports).toHaveLength(3);
  const cwd = await tempDir();
  const free = ['--simulate', 'latency=0ms,reject=0%', '--quiet', '--out', 'all.jsonl'];
  await ended(cwd, 'run', questions, ...free);
  for (const command of exports) {
    await ended(cwd, ...command.split(' '), '--dry-run');
    for (const part of ['train', 'validation'])
      expect(await readFile(join(cwd, 'chemistry', `${part}.jsonl`), 'utf8'), command).not.toBe('');
    const [, format = ''] = /--format (\S+)/.exec(command) ?? [];
    const shown = SHOWN.get(format);
    if (shown === undefined) continue;
    expect((await readFile(join(cwd, shown), 'utf8')).trim()).toBe(files.get(shown)?.trim());
  }
});
