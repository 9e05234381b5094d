import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { extendingFiles } from '../docs/extending-page.ts';
import { startScriptedLlmServer } from '../support/llm/scripted-llm-server.ts';
import { describeOnServers } from '../support/servers/on-servers.ts';

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

const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));
/** What `npx millrace` runs there. */
const INSTALLED = join(folder, 'node_modules/.bin/millrace');

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, env });
  const tarball = /"filename": "([^"]+)"/.exec(stdout)?.[1] ?? '';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball)], { cwd: folder, env });
});

describe('the packed package, installed into an empty folder', () => {
  it('brings a millrace command that works', async () => {
    writeFileSync(join(folder, 'questions.txt'), 'What is water?\nWhy is the sky blue?\n');
    const args = ['millrace', 'run', 'questions.txt', '--simulate', 'latency=1ms,reject=0%'];
    const { stdout } = await run('npx', args, { cwd: folder, env });
    expect(stdout).toContain('2 questions');
    expect(readFileSync(join(folder, 'dataset.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('loads neither a server nor a child process of Node nor the data of languages before its first call', async () => {
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
    // On a busy machine a line of progress may come before the call.
    const quiet = [...args, '--out', 'one.jsonl', '--quiet'];
    await run('node', quiet, { cwd: folder, env: { ...env, ...variables } });
    const modules = readFileSync(list, 'utf8').split('\n');
    expect(modules).toContain('NativeModule net');
    for (const late of ['http', '_http_server', 'http2', 'child_process'])
      expect(modules).not.toContain(`NativeModule ${late}`);
    expect(modules.filter((name) => name.startsWith('Intl '))).toEqual([]);
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
        !/^(?:dist|docs|examples)\/|^(?:LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|src\/README\.md|package\.json)$/.test(
          file,
        ),
    );
    expect(outside).toEqual([]);
    expect(files).toContain('dist/cli/bin.js');
    const pages = ['README.md', 'CONTRIBUTING.md'].map((page) => readFileSync(join(root, page), 'utf8'));
    const linked = pages.flatMap((page) =>
      [...page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? ''),
    );
    expect(linked.filter((path) => !files.includes(path))).toEqual([]);
  });
});

/** The parts of docs/extending.md as somebody else's package: JavaScript, as packages are. */
async function installCards(): Promise<void> {
  const cards = join(folder, 'cards-package');
  mkdirSync(cards);
  const parts = extendingFiles.filter(({ name }) => /^(?!millrace|program|check|.*\.test).*\.ts$/.test(name));
  for (const { name, text } of parts) {
    const code = stripTypeScriptTypes(text).replaceAll(/('\.\/[^']*)\.ts'/g, "$1.js'");
    writeFileSync(join(cards, name.replace('.ts', '.js')), code);
  }
  const facts = { name: '@me/cards', version: '1.0.0', type: 'module', exports: './cards.js' };
  writeFileSync(
    join(cards, 'package.json'),
    JSON.stringify({ ...facts, peerDependencies: { millrace: '*' } }),
  );
  await run('npm', ['pack', '--pack-destination', folder], { cwd: cards, env });
  const tarball = join(folder, 'me-cards-1.0.0.tgz');
  await run('npm', ['install', '--no-audit', '--no-fund', '--offline', tarball], { cwd: folder, env });
  writeFileSync(
    join(folder, 'cards.yaml'),
    'plugins: ["@me/cards"]\ntrainingType: flashcard\nformat: anki\n',
  );
  writeFileSync(join(folder, 'cards.txt'), 'What is an ion?\nWhat is a base?\n');
}

describe('a package of somebody else with one part of each kind, installed beside it', () => {
  beforeAll(installCards);

  const worked = async (out: string, ...where: readonly string[]) => {
    const named = ['run', 'cards.txt', '--config', 'cards.yaml', '--out', out];
    await run(INSTALLED, [...named, '--simulate', 'latency=0ms,reject=0%', ...where], { cwd: folder, env });
    const lines = readFileSync(join(folder, out), 'utf8').trim().split('\n');
    return lines.map((line) => Object.keys(JSON.parse(line)));
  };

  it('is proved by checkPlugin, and listed with its version', async () => {
    const check = "import { checkPlugin } from 'millrace/testing'; import cards from '@me/cards';";
    const code = `${check} console.log((await checkPlugin(cards)).checked.length);`;
    const checked = await run('node', ['--input-type=module', '-e', code], { cwd: folder, env });
    expect(checked.stdout).toBe('8\n');
    const named = ['plugins', '--own', '--config', 'cards.yaml'];
    const { stdout } = await run(INSTALLED, named, { cwd: folder, env });
    expect(stdout).toMatch(/model provider +mine +@me\/cards 1\.0\.0/);
  });

  it('has its engine proved by the suites of ours', async () => {
    // What `npm install --save-dev` would bring.
    for (const name of ['vitest', 'fast-check'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    const suite = "import { describeEngine } from 'millrace/testing/engine';";
    const own = "import { counted } from './cards-package/counted.js';";
    writeFileSync(join(folder, 'counted.test.js'), `${suite}\n${own}\ndescribeEngine(counted);\n`);
    const report = join(folder, 'report.json');
    const args = ['run', '--root', folder, '--reporter', 'json', '--outputFile', report];
    await run(join(bin, 'vitest'), args, { cwd: folder, env });
    const { success, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
    expect([success, numPassedTests]).toEqual([true, expect.any(Number)]);
    expect(numPassedTests).toBeGreaterThan(150);
  });

  it('makes its lines on the embedded engine', async () => {
    expect(await worked('cards.jsonl', '--data', 'cards-data')).toEqual([
      ['front', 'back'],
      ['front', 'back'],
    ]);
    const named = ['status', '--config', 'cards.yaml', '--data', 'cards-data', '--json'];
    const { stdout } = await run(INSTALLED, named, { cwd: folder, env });
    expect(JSON.parse(stdout).stages).toMatchObject({ 'fact-check': { done: 2 } });
  });
});

await describeOnServers('the same package on Kafka and MongoDB', ({ kafka, mongo }) => {
  it('makes the same lines', async () => {
    const namespace = `cards-${randomUUID().slice(0, 8)}`;
    const named = ['run', 'cards.txt', '--config', 'cards.yaml', '--out', 'served.jsonl'];
    const where = ['--kafka', kafka, '--mongo', mongo, '--namespace', namespace, '--data', 'served'];
    await run(INSTALLED, [...named, '--simulate', 'latency=0ms,reject=0%', ...where], { cwd: folder, env });
    const lines = readFileSync(join(folder, 'served.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['front', 'back'],
      ['front', 'back'],
    ]);
  });
});
