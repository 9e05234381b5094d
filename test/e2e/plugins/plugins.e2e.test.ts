import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CARDS = `
import { z } from '${import.meta.resolve('zod')}';
import { defineFormat, definePlugin, defineTrainingType } from 'millrace';
import { simulatedModel } from 'millrace/testing';
const flashcard = defineTrainingType({
  name: 'flashcard',
  description: 'a card with a front and a back',
  candidate: z.object({ front: z.string().min(1), back: z.string().min(1) }),
  instructions: 'Write one flashcard on the question.',
  present: ({ front, back }) => front + '\\n\\n' + back,
  turns: ({ front, back }) => [{ user: front, assistant: back }],
});
const anki = defineFormat({
  name: 'anki',
  description: 'front and back: Anki',
  shapes: {
    answers: {
      lineOf: ([turn]) => ({ front: turn.user, back: turn.assistant }),
      rule: z.strictObject({ front: z.string(), back: z.string() }),
    },
  },
});
const mine = () => {
  const model = simulatedModel('reject=0%');
  return { address: 'here', complete: async (request, signal) => {
    const { text } = await model.complete(request, signal);
    return { text, model: 'of ' + request.settings.model, usage: { input: 9, output: 9, cached: 0, reasoning: 0 } };
  } };
};
export default definePlugin({
  name: '@me/cards', version: process.env.CARDS ?? '1.0.0', trainingTypes: [flashcard], formats: [anki], models: { mine },
});
`;
const CONFIG = `
import { defineConfig } from 'millrace';
import cards from './cards.ts';
export default defineConfig({ plugins: [cards], simulate: 'latency=1ms,reject=0%' });
`;

async function folder(files: Readonly<Record<string, string>>) {
  const cwd = await tempDir();
  const env = { XDG_CONFIG_HOME: await tempDir() };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return { cwd, run: (...args: readonly string[]) => millrace(args, { cwd, env }) };
}

describe('a settings file of code with a plugin', () => {
  it('brings a training type and a format of one’s own, from the question to the file', async () => {
    const { cwd, run } = await folder({ 'millrace.config.ts': CONFIG, 'cards.ts': CARDS, 'q.txt': 'Ion?\n' });
    const config = ['--config', 'millrace.config.ts'];
    const types = ['--training-type', 'flashcard', '--format', 'anki'];
    const ended = await run('run', 'q.txt', ...config, ...types);
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('SIMULATED')]);
    const [line = ''] = (await readFile(join(cwd, 'dataset.jsonl'), 'utf8')).split('\n');
    expect(Object.keys(JSON.parse(line))).toEqual(['front', 'back']);
    const listed = await run('plugins', ...config, '--own', '--json');
    expect(JSON.parse(listed.stdout)).toEqual([
      { kind: 'training type', name: 'flashcard', plugin: '@me/cards 1.0.0', where: 'settings' },
      { kind: 'format', name: 'anki', plugin: '@me/cards 1.0.0', where: 'settings' },
      { kind: 'model provider', name: 'mine', plugin: '@me/cards 1.0.0', where: 'settings' },
    ]);
  });

  it('brings models that are named by prefix, in a run and in a worker, at the price that the settings say', async () => {
    const { cwd, run } = await folder({
      'my.config.ts': "import cards from './cards.ts';\nexport default { plugins: [cards] };\n",
      'cards.ts': CARDS,
      'q.txt': 'Ion?\n',
    });
    const args = ['--config', 'my.config.ts', '--model', 'mine:large', '--price', 'mine:large:in=1,out=1'];
    const ended = await run('run', 'q.txt', ...args, '--json', '--format', 'record');
    expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining('SIMULATED')]);
    const record = JSON.parse(await readFile(join(cwd, 'dataset.jsonl'), 'utf8'));
    expect(record.simulated).toBe(false);
    expect(record.provenance).toContainEqual(
      expect.objectContaining({ stage: 'generation', model: 'of large', costUsd: 0.000018 }),
    );
  });
});

describe('a plugin that settings name', () => {
  it('is loaded from where the settings file lies, once the user has named or allowed that file', async () => {
    const { cwd, run } = await folder({
      'millrace.config.yaml': 'plugins: [./cards.ts]\n',
      'cards.ts': CARDS,
    });
    const refused = await run('plugins');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('it loads plugins, which are code'),
    ]);
    const listed = await run('plugins', '--config', 'millrace.config.yaml', '--own', '--json');
    expect(JSON.parse(listed.stdout)[0]).toMatchObject({ name: 'flashcard', where: join(cwd, 'cards.ts') });
  });

  it.each([
    ['missing.ts', '', 'it cannot be loaded: '],
    ['broken.ts', 'throw new Error("no such key");', 'it cannot be loaded: no such key'],
    ['empty.ts', 'export const plugin = {};', 'its module has no default export'],
    [
      'maker.ts',
      'export default () => { throw new Error("no licence"); };',
      'its function threw: no licence',
    ],
  ])(
    'and that cannot be used (%s) is told in one message, before anything is opened',
    async (name, text, why) => {
      const files = name === 'missing.ts' ? {} : { [name]: text };
      const { cwd, run } = await folder({ ...files, 'my.yaml': `plugins: [./${name}]\n`, 'q.txt': 'Ion?\n' });
      const ended = await run('run', 'q.txt', '--config', 'my.yaml', '--dry-run');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(`Plugin ${join(cwd, name)}: ${why}`);
      expect(ended.stderr).toContain('install or mend it, or take it out of plugins');
      await expect(readFile(join(cwd, '.millrace'))).rejects.toThrow('ENOENT');
    },
  );
});
