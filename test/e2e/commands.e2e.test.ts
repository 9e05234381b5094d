import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ScriptedLlmServer, startScriptedLlmServer } from '../support/llm/scripted-llm-server.ts';
import { ended, millrace } from '../support/process/millrace.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { questionText } from '../support/run/question-files.ts';
import { askedQuestions, runHere } from '../support/run/run-here.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

const lineSchema = z.looseObject({ type: z.enum(['progress', 'note', 'summary']) });
const statusSchema = z.looseObject({ simulated: z.boolean(), questions: z.record(z.string(), z.number()) });

describe('the output of a run', () => {
  it('is one JSON object a line with --json, the summary last', async () => {
    const rig = await RunRig.open({ questions: 3, flags: ['--json'] });
    const { code, stdout, stderr } = await rig.run();
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => lineSchema.parse(JSON.parse(line)));
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      questions: 3,
      open: 0,
      counts: { approved: 3 },
      spent: { calls: 9 },
      dataset: { written: 3 },
    });
    expect(lines.filter(({ type }) => type === 'summary')).toHaveLength(1);
    expect(lines.some(({ type }) => type === 'progress')).toBe(true);
  });

  it('is the summary alone with --quiet, and has no colours on a pipe', async () => {
    const rig = await RunRig.open({ questions: 2, flags: [] });
    const quiet = await rig.run('--quiet');
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
    expect(quiet.stdout).toMatch(/^\n2 questions in .*: 2 approved, 0 rejected\.\n6 calls, /);
    const plain = await rig.run();
    expect(plain.stderr).toContain(`Model server: ${rig.server.url}`);
    expect(plain.stdout).toContain('Nothing was called here');
    expect(plain.stdout + plain.stderr).not.toContain('\u001b');
  });
});

describe('beside a run at work', () => {
  it('status and export tell how far it is, and a second run is refused', async () => {
    const rig = await RunRig.open({
      questions: 20,
      script: { latencyMs: { research: 5, candidate: 5, review: 5 } },
    });
    await rig.server.setScript({
      latencyMs: 5,
      sequences: [{ question: questionText(19), schema: 'review', faults: ['hang'] }],
    });
    const child = rig.start();
    await until('all but one are reviewed', async () => (await rig.server.stats()).answered >= 59);
    const told = await until('status tells of 19 ends', async () => {
      const { stdout } = await rig.command('status', '--json');
      const status = statusSchema.parse(JSON.parse(stdout));
      return status.questions['approved'] === 19 && status;
    });
    expect(told).toMatchObject({ simulated: false, questions: { generated: 1 } });
    const text = await rig.command('status');
    expect(text.stdout).toMatch(/20 questions, 1 of them still open/);
    const out = join(rig.dir, 'beside.jsonl');
    const exported = await rig.command('export', '--out', out);
    expect(exported.stdout).toContain('19 examples');
    const second = await rig.run();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${child.pid}`);
    child.kill('SIGKILL');
    expect((await ended(child)).signal).toBe('SIGKILL');
  });
});

describe('after a run', () => {
  let dir: string;
  let server: ScriptedLlmServer;
  const command = (...args: readonly string[]) =>
    millrace([...args, '--data', join(dir, 'data')], { cwd: dir });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'millrace-commands-'));
    server = await startScriptedLlmServer({ script: { reject: { revisions: 9, fraction: 0.3 } } });
    await runHere(
      { data: join(dir, 'data'), baseUrl: server.url, model: 'gpt-4o' },
      { asked: askedQuestions(10) },
    );
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('export writes each format, line by line whole, with a card', async () => {
    const formats = {
      openai: 'messages',
      sharegpt: 'conversations',
      alpaca: 'instruction',
      record: 'research',
    };
    for (const [format, field] of Object.entries(formats)) {
      const { code, stdout } = await command('export', '--format', format, '--out', `${format}/d.jsonl`);
      expect([format, code]).toEqual([format, 0]);
      const lines = (await readFile(join(dir, format, 'd.jsonl'), 'utf8')).trimEnd().split('\n');
      expect(stdout).toContain(`${lines.length} examples`);
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty(field);
      expect(await readdir(join(dir, format))).toContain('d.card.md');
    }
    const rejected = await command('export', '--rejected', '--out', 'rejected.jsonl');
    const approved = (await readFile(join(dir, 'openai', 'd.jsonl'), 'utf8')).trimEnd().split('\n').length;
    expect(rejected.stdout).toContain(`${10 - approved} example`);
    expect(approved).toBeLessThan(10);
  });

  it('a version is made, listed, made again to the byte, and never changed', async () => {
    const made = await command('export', '--as-version', 'v1', '--split', '50/50', '--out', 'v1');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect((await readdir(join(dir, 'v1'))).toSorted()).toEqual([
      ...['README.md', 'dataset_info.json', 'manifest.json', 'test.jsonl', 'train.jsonl'],
    ]);
    expect((await command('dataset', 'versions')).stdout).toMatch(/^v1 /);
    const again = await command('export', '--version', 'v1', '--out', 'again');
    expect([again.code, again.stderr]).toEqual([0, '']);
    for (const name of ['train.jsonl', 'test.jsonl', 'manifest.json'])
      expect(await readFile(join(dir, 'again', name))).toEqual(await readFile(join(dir, 'v1', name)));
    const other = await command('export', '--as-version', 'v1', '--min-score', '9', '--out', 'v1');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('Versions never change')]);
  });

  it('show tells a question’s whole story, by the beginning of its id', async () => {
    await command('export', '--format', 'record', '--out', 'all.jsonl');
    const [line = ''] = (await readFile(join(dir, 'all.jsonl'), 'utf8')).split('\n');
    const id = /"question_?[iI]d":"([0-9a-f]{24})"/.exec(line)?.[1] ?? '';
    expect(id).toHaveLength(24);
    const { code, stdout } = await command('show', id.slice(0, 8).toUpperCase());
    expect(code).toBe(0);
    for (const words of [
      id,
      'approved',
      'research, revision 0: done by gpt-4o',
      'review, revision',
      'attempt 1: ok',
    ])
      expect(stdout).toContain(words);
    const json = await command('show', id, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ questionId: id, status: 'approved' });
    const called = await command('show', 'q-3');
    expect(called.stdout).toMatch(/^[0-9a-f]{24} \(lane main\): [\s\S]*asked by run-\S+ as q-3\n/);
    const several = await command('show', 'q-');
    expect(several.stdout.split('\n')).toHaveLength(12);
    expect(several.stdout).toContain('10 questions are called q-, or begin so.');
    const none = await command('show', 'zzz');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('zzz')]);
  });

  it('status sums up calls, tokens and money', async () => {
    const { stdout } = await command('status');
    expect(stdout).toMatch(/10 questions, none of them still open/);
    expect(stdout).toMatch(/research +10 /);
    expect(stdout).toContain('$');
  });
});

describe('prompts', () => {
  it('are written once, and never over one’s own', async () => {
    const cwd = await tempDir();
    const first = await millrace(['prompts', 'mine'], { cwd });
    expect(first.stdout).toContain('written: mine/review.system.md');
    await writeFile(join(cwd, 'mine', 'rubric.yaml'), 'mine: "my own"\n');
    const second = await millrace(['prompts', 'mine'], { cwd });
    expect([second.code, second.stdout]).toEqual([
      0,
      expect.stringContaining('left alone: mine/rubric.yaml'),
    ]);
    expect(await readFile(join(cwd, 'mine', 'rubric.yaml'), 'utf8')).toBe('mine: "my own"\n');
  });
});
