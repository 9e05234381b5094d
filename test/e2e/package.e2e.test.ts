import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { startScriptedLlmServer } from '../support/llm/scripted-llm-server.ts';

const root = new URL('../..', import.meta.url).pathname;
const bin = join(root, 'node_modules/.bin');
const run = promisify(execFile);
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, OPENAI_API_KEY: '' };

const CONSUMER = `
import { createPipeline, createProducer, type Example, generateSyntheticData, type Producer } from 'millrace';
const { examples, errors } = await generateSyntheticData({
  questions: ['What is water?'], data: 'library-data', simulate: 'latency=1ms,reject=0%',
});
const first: Example | undefined = examples[0];
const code: string | undefined = errors[0]?.code;
// @ts-expect-error a batch size is a number
await createPipeline({ batchSize: { not: 'a number' } }).catch(() => undefined);
const producer: Producer = await createProducer({ data: 'library-data', topic: 'chemistry' });
const ids: readonly string[] = await producer.send(['What is ice?', { question: 'What is steam?', id: 'mine' }]);
// @ts-expect-error a question is a text or an object
await producer.send(42).catch(() => undefined);
await producer.close();
console.log(first?.question.text, code, ids.length, producer.simulated);
`;

describe('the packed package, installed into an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));

  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, env });
    const tarball = /"filename": "([^"]+)"/.exec(stdout)?.[1] ?? '';
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    await run('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball)], { cwd: folder, env });
  });

  it('brings a millrace command that works', async () => {
    writeFileSync(join(folder, 'questions.txt'), 'What is water?\nWhy is the sky blue?\n');
    const args = ['millrace', 'run', 'questions.txt', '--simulate', 'latency=1ms,reject=0%'];
    const { stdout } = await run('npx', args, { cwd: folder, env });
    expect(stdout).toContain('2 questions');
    expect(readFileSync(join(folder, 'dataset.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('loads neither a server nor a child process of Node before its first call', async () => {
    const server = await startScriptedLlmServer();
    const list = join(folder, 'modules.txt');
    const preload = join(root, 'test/support/process/modules-at-first-call.mjs');
    writeFileSync(join(folder, 'one.txt'), 'What is water?\n');
    const args = [
      '--import',
      preload,
      'node_modules/millrace/dist/cli/bin.js',
      'run',
      'one.txt',
      '--data',
      'one',
    ];
    const variables = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'x', MODULES_AT_FIRST_CALL: list };
    await run('node', [...args, '--out', 'one.jsonl'], { cwd: folder, env: { ...env, ...variables } });
    const modules = readFileSync(list, 'utf8').split('\n');
    expect(modules).toContain('NativeModule net');
    for (const late of ['http', '_http_server', 'http2', 'child_process'])
      expect(modules).not.toContain(`NativeModule ${late}`);
    await server.close();
  });

  it('brings a library whose types resolve and which runs', async () => {
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--skipLibCheck',
      'false',
    ];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const checked = run(join(bin, 'tsc'), [...options, ...types, 'consumer.ts'], { cwd: folder, env });
    expect(
      await checked.then(
        ({ stdout }) => stdout,
        ({ stdout }) => stdout,
      ),
    ).toBe('');
    const { stdout } = await run('node', ['consumer.ts'], { cwd: folder, env });
    expect(stdout).toBe('What is water? undefined 2 true\n');
  });

  it.each([
    ['import', ['--input-type=module', '-e', "await import('millrace')"]],
    ['import of a part', ['--input-type=module', '-e', "import { simulatedModel } from 'millrace/testing'"]],
    ['require', ['-e', "require('millrace')"]],
    [
      'require, where no module can be required',
      ['-e', "require('./node_modules/millrace/dist/old-node.cjs')"],
    ],
    ['command', ['node_modules/millrace/dist/cli/bin.js', '--version']],
  ])('ends its %s on an older Node with one line', async (_, args) => {
    const older =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })";
    const old = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
    const ended = await run('node', [...old, ...args], { cwd: folder, env }).catch((error: unknown) => error);
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^millrace needs Node 24 or newer; .*\n$/),
    });
  });

  it('can be required', async () => {
    const { stdout } = await run('node', ['-p', "typeof require('millrace').createPipeline"], {
      cwd: folder,
      env,
    });
    expect(stdout).toBe('function\n');
  });

  it('holds what it needs and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      env,
    });
    const files = [...stdout.matchAll(/"path": "([^"]+)"/g)].map(([, path]) => path ?? '');
    const outside = files.filter(
      (file) =>
        !/^(?:dist|docs|examples)\/|^(?:LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|package\.json)$/.test(
          file,
        ),
    );
    expect(outside).toEqual([]);
    expect(files).toContain('dist/cli/bin.js');
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const linked = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');
    expect(linked.filter((path) => !files.includes(path))).toEqual([]);
  });
});
