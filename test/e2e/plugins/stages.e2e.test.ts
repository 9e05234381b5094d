import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace, startMillrace } from '../../support/process/millrace.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { writeChecking } from '../../support/stage/checking-plugin.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const WITH = ['--config', 'checking.yaml'];
const STAGES = ['questions', 'research', 'generation', 'fact-check', 'review', 'storage'];

type Example = Readonly<{
  questionId: string;
  added?: Readonly<Record<string, unknown>>;
  provenance: readonly Readonly<{ stage: string }>[];
}>;

/** Commands in a folder with two questions and the plugin. */
async function folder(where: readonly string[] = []) {
  const cwd = await tempDir();
  await writeChecking(cwd);
  await writeFile(join(cwd, 'q.txt'), 'What is an ion?\nWhy is the sky blue?\n');
  const XDG_CONFIG_HOME = await tempDir();
  const env = { XDG_CONFIG_HOME, MILLRACE_SIMULATE: 'latency=0ms,reject=0%', MILLRACE_PARTITIONS: '2' };
  const flags = (args: readonly string[]) => [...args, ...where];
  return {
    cwd,
    run: (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      millrace(flags(args), { cwd, env: { ...env, ...more } }),
    start: (args: readonly string[], more: Readonly<Record<string, string>>) =>
      startMillrace(flags(args), { cwd, env: { ...env, ...more } }),
    examples: async (file: string): Promise<readonly Example[]> =>
      (await readFile(join(cwd, file), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

const stagesOf = ({ provenance }: Example) => provenance.map(({ stage }) => stage);

/** A stage of a plugin from a question to its example, with all that ours have too. */
async function wholeStory(where: readonly string[]): Promise<void> {
  const { run, examples } = await folder(where);
  const failed = await run(['run', 'q.txt', ...WITH], { FACTS: 'fail' });
  expect([failed.code, failed.stderr]).not.toEqual([0, '']);
  const deadLetters = await run(['dead-letters', '--stage', 'fact-check', '--json', ...WITH]);
  expect(deadLetters.stdout.match(/the list of facts is away/g)).toHaveLength(2);

  const wait = where.length > 0 ? ['--no-wait'] : [];
  const redriven = await run(['redrive', '--stage', 'fact-check', ...wait, ...WITH]);
  expect([redriven.code, redriven.stderr]).toEqual([0, redriven.stderr]);
  const again = await run(['run', 'q.txt', ...WITH, '--format', 'record', '--out', 'out.jsonl']);
  expect([again.code, again.stderr]).toEqual([0, again.stderr]);
  const made = await examples('out.jsonl');
  expect(made.map(({ added }) => added)).toEqual(
    [0, 1].map(() => ({ 'fact-check': { wrong: expect.any(Array) } })),
  );
  for (const example of made)
    expect(stagesOf(example)).toEqual(['research', 'generation', 'fact-check', 'review']);

  const status = JSON.parse((await run(['status', '--json', ...WITH])).stdout);
  expect(status.stages['fact-check']).toMatchObject({ done: 2, dead: 0 });
  expect(status.questions).toMatchObject({ approved: 2 });
  const story = await run(['show', made[0]?.questionId ?? '', ...WITH]);
  expect(story.stdout).toMatch(/generation, revision 0: .*fact-check, revision 0: .*review, revision 0: /s);

  const replayed = await run([
    'replay',
    '--stage',
    'fact-check',
    '--mode',
    'reprocess',
    '--lane',
    'second',
    '--json',
    ...WITH,
  ]);
  expect([replayed.code, replayed.stderr]).toEqual([0, replayed.stderr]);
  const second = JSON.parse((await run(['status', '--lane', 'second', '--json', ...WITH])).stdout);
  expect(second.questions).toMatchObject({ approved: 2 });
  expect(second.stages).toMatchObject({
    generation: { done: 0 },
    'fact-check': { done: 2 },
    review: { done: 2 },
  });
}

describe('a stage of a plugin, on the embedded engine', () => {
  it('has its dead letters, redrive, replay, story and place in the status, as ours have', () =>
    wholeStory([]));

  it('that is taken away while records wait for it is told, and what waits goes on once the lane is without it', async () => {
    const { run, start, examples } = await folder();
    const held = start(['run', 'q.txt', ...WITH], { FACTS: 'wait' });
    await until('both questions wait for the stage', async () => {
      const { stdout } = await run(['status', '--json', ...WITH], { FACTS: 'wait' });
      return stdout.startsWith('{') && JSON.parse(stdout).questions.generated === 2;
    });
    held.kill('SIGKILL');
    await held.exited;

    const lack =
      'The lane works by the stage fact-check of the plugin @me/checking 1.0.0, which is not registered here.';
    const refused = await run(['run', 'q.txt']);
    expect([refused.code, refused.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      expect.any(Number),
      expect.stringContaining(lack),
    ]);
    expect(refused.code).not.toBe(0);
    const status = await run(['status']);
    expect(status.stdout.replaceAll(/\s+/g, ' ')).toContain(`Nobody here can work fact-check: ${lack}`);
    const doctor = await run(['doctor', '--json']);
    expect(doctor.stdout).toContain('fact-check cannot be worked here.');

    const without = await run(['run', 'q.txt', '--new-recipe', '--format', 'record', '--out', 'out.jsonl']);
    expect([without.code, without.stderr]).toEqual([0, without.stderr]);
    for (const example of await examples('out.jsonl'))
      expect(stagesOf(example)).toEqual(['research', 'generation', 'review']);
    const { stages } = JSON.parse((await run(['status', '--json'])).stdout);
    expect([stages.research.done, stages.generation.done]).toEqual([2, 2]);
  });

  it('that comes later is told, and the lane goes on without it until it is given it', async () => {
    const { cwd, run, examples } = await folder();
    expect((await run(['run', 'q.txt'])).code).toBe(0);
    await writeFile(join(cwd, 'more.txt'), 'What is rust?\n');
    const later = await run(['run', 'more.txt', ...WITH, '--format', 'record', '--out', 'more.jsonl']);
    expect(later.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'Lane main was opened before the stage fact-check of @me/checking 1.0.0, and goes on without it.',
    );
    expect((await examples('more.jsonl')).map(stagesOf)).toEqual([['research', 'generation', 'review']]);
    await writeFile(join(cwd, 'last.txt'), 'What is salt?\n');
    const given = ['--new-recipe', '--format', 'record', '--out', 'last.jsonl'];
    expect((await run(['run', 'last.txt', ...WITH, ...given])).code).toBe(0);
    expect((await examples('last.jsonl')).map(stagesOf)).toEqual([
      ['research', 'generation', 'fact-check', 'review'],
    ]);
  });

  it('has its own settings and flags, and its name is checked once the plugins are known', async () => {
    const { cwd, run } = await folder();
    await writeFile(
      join(cwd, 'own.yaml'),
      'plugins: [./checking.ts]\nagents: { fact-check: { temperature: 0.2 } }\nconcurrency: { fact-check: 3 }\n',
    );
    expect((await run(['run', 'q.txt', '--config', 'own.yaml', '--concurrency', 'fact-check=2'])).code).toBe(
      0,
    );
    const paused = await run(['pause', 'fact-check', ...WITH]);
    expect(paused.stdout).toContain('Paused: fact-check.');
    const unknown = await run(['pause', 'fact-check']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining(
        `Expected one of ${STAGES.filter((name) => name !== 'fact-check').join(', ')}, got fact-check.`,
      ),
    ]);
  });
});

await describeOnServers('a stage of a plugin, on Kafka and MongoDB', ({ kafka, mongo }) => {
  it('has its dead letters, redrive, replay, story and place in the status, as ours have', () =>
    wholeStory(['--kafka', kafka, '--mongo', mongo, '--namespace', `stages-${randomUUID().slice(0, 8)}`]));
});
