import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';
import { extendingFiles, extendingSessions } from './extending-page.ts';
import { startMine } from './mine-server.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** A folder with the files of the page. `millrace` is what runs here, and zod is beside them. */
async function folder() {
  const cwd = await tempDir();
  for (const { name, text } of extendingFiles) await writeFile(join(cwd, name), text);
  await mkdir(join(cwd, 'node_modules'));
  await symlink(join(root, 'node_modules/zod'), join(cwd, 'node_modules/zod'));
  return cwd;
}

describe('docs/extending.md', () => {
  it('has an example for each kind of part, and its sessions run as they stand there', async () => {
    const cwd = await folder();
    const server = await startMine('k-1');
    onTestFinished(() => server.close());
    const env = { XDG_CONFIG_HOME: await tempDir(), MINE_URL: server.url, MINE_KEY: 'k-1' };
    let last = '';
    let counted = '';
    const found: string[] = [];
    for (const { command, env: more } of extendingSessions) {
      const { code, stdout, stderr } = await millrace(command.split(' '), { cwd, env: { ...env, ...more } });
      expect([command, code, stderr]).toEqual([command, 0, stderr]);
      last = stdout;
      if (command.includes('counted')) counted = stderr;
      if (command.startsWith('sources search')) found.push(stdout);
    }
    const lines = async (name: string) =>
      (await readFile(join(cwd, name), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect((await lines('dataset.jsonl')).map((line) => Object.keys(line))).toEqual([
      ['front', 'back'],
      ['front', 'back'],
    ]);
    expect(await lines('table.jsonl')).toHaveLength(2);
    expect(await lines('paid.jsonl')).toHaveLength(2);
    expect(await lines('more.jsonl')).toHaveLength(1);
    expect(counted).toMatch(/[1-9]\d* batches of records were published/);
    expect(found).toHaveLength(2);
    for (const each of found)
      expect(each).toContain('A buffer solution keeps its acidity when a little acid is added.');
    expect(await readFile(join(cwd, 'talks/millrace.notebook.json'), 'utf8')).toContain('"path":"talk.srt"');
    expect(server.asked()).toContainEqual({ model: 'large', stage: 'generation' });
    expect(server.asked()).toContainEqual({ model: 'large', stage: 'fact-check' });
    for (const part of [
      'flashcard',
      'anki',
      'table',
      'fact-check',
      'length',
      'ini',
      'counted',
      'mine',
      'part_number',
      'archive',
      'subtitles',
      'notebook',
    ])
      expect(last).toMatch(new RegExp(`\\b${part}\\b`));
  });

  it('has a program and a check that run', async () => {
    const cwd = await folder();
    const hook = `import { registerHooks } from 'node:module';
const own = { millrace: '${join(root, 'src/index.ts')}', 'millrace/testing': '${join(root, 'src/testing.ts')}' };
registerHooks({ resolve: (name, context, next) => own[name] === undefined ? next(name, context) : { url: 'file://' + own[name], shortCircuit: true } });`;
    const node = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
    expect((await run('node', [...node, 'program.ts'], { cwd })).stdout).toBe('1 flashcard\n');
    expect((await run('node', [...node, 'check.ts'], { cwd })).stdout).toBe(
      'training type flashcard, format anki, format table, stage fact-check, stage length, extractor subtitles, index notebook, engine counted\n',
    );
  });

  it('names every kind of part that a plugin may bring', () => {
    const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
    expect(page).toContain('models: {');
    for (const kind of [
      'trainingTypes',
      'formats',
      'stages',
      'readers',
      'engines',
      'tools',
      'searchProviders',
      'extractors',
      'indexes',
    ])
      expect(page).toContain(`${kind}: [`);
  });
});
