import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ended } from '../goldens/process.ts';
import { MAIN } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const run = promisify(execFile);

/** The file of the page, as it stands there. */
async function flashcard(): Promise<string> {
  const page = await readFile(new URL('../../docs/types.md', import.meta.url), 'utf8');
  return /```yaml\n(name: flashcard[\s\S]*?)```/.exec(page)?.[1] ?? expect.fail('the page has no flashcard');
}

it('the type of the page is checked, worked, and exported as its columns', async () => {
  const directory = await tempDir();
  await mkdir(join(directory, 'types'));
  const file = await flashcard();
  expect(parse(file)).toMatchObject({ name: 'flashcard' });
  await writeFile(join(directory, 'types', 'flashcard.yaml'), file);
  await writeFile(join(directory, 'millrace.config.yaml'), 'types: [types/*.yaml]\n');
  await writeFile(join(directory, 'q.jsonl'), '{"question":"Why is the sky blue?","topic":"physics"}\n');
  const { stdout } = await run(process.execPath, [MAIN, 'types', 'check', 'types/flashcard.yaml'], {
    cwd: directory,
  });
  expect(stdout).toMatch(/the type flashcard can be used/);
  expect(stdout).toMatch(/Formats that hold it: .*openai.*columns/);
  const args = [
    '--training-type',
    'flashcard',
    '--simulate',
    'latency=1ms,reject=0%',
    '--quiet',
    '--data',
    'data',
  ];
  await ended(directory, 'run', 'q.jsonl', ...args, '--format', 'columns', '--out', 'cards.jsonl');
  const [line = ''] = (await readFile(join(directory, 'cards.jsonl'), 'utf8')).split('\n');
  const row = JSON.parse(line);
  expect(Object.keys(row)).toEqual(['Front', 'Back', 'Tags', 'Topic', 'Score']);
  expect(row).toMatchObject({ Topic: 'physics', Front: expect.stringContaining('[simulated]') });
  // Another process, without the file or the setting: the definition stands in the lane.
  await writeFile(join(directory, 'millrace.config.yaml'), 'minScore: 7\n');
  await ended(
    directory,
    'export',
    '--dry-run',
    '--data',
    'data',
    '--format',
    'openai',
    '--out',
    'chat.jsonl',
  );
  expect(await readFile(join(directory, 'chat.jsonl'), 'utf8')).toMatch(
    /"role":"user","content":"\[simulated\] front/,
  );
});
