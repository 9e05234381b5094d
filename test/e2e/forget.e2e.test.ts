import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { questionIdOf } from '../../src/stages/question.ts';
import { MAIN } from '../support/process/millrace.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { questionText } from '../support/run/question-files.ts';
import { until } from '../support/until.ts';

const labels = { context: '', topic: 'physics', subTopic: '', trainingType: 'sft' };
const idOf = (number: number) => questionIdOf({ text: questionText(number), ...labels });

/** Whether any file of the data directory holds the text. */
async function anyFileHolds(data: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(data))
    if ((await readFile(join(data, name))).includes(text)) found.push(name);
  return found;
}

describe('millrace forget', () => {
  it('leaves not a byte of a question in the data directory, and keeps it out', async () => {
    const rig = await RunRig.open({ questions: 8 });
    expect((await rig.run()).code).toBe(0);
    const secret = questionText(3);
    expect(await anyFileHolds(rig.data, secret)).toEqual(['millrace.db']);
    const dry = await rig.command('forget', idOf(3), '--dry-run');
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringMatching(/1 question of millrace: 1 in lanes/)]);
    const refused = await rig.command('forget', idOf(3));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await anyFileHolds(rig.data, secret)).toEqual(['millrace.db']);

    const done = await rig.command('forget', idOf(3).slice(0, 8), '--yes');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('1 question forgotten')]);
    expect(await anyFileHolds(rig.data, secret)).toEqual([]);
    expect(await anyFileHolds(rig.data, questionText(4))).toEqual(['millrace.db']);

    const { started } = await rig.server.stats();
    const again = await rig.run();
    expect(again.code).toBe(0);
    expect(await rig.dataset()).toHaveLength(7);
    expect((await rig.server.stats()).started).toBe(started);
    expect(await anyFileHolds(rig.data, secret)).toEqual([]);
    expect((await rig.command('show', idOf(3))).code).toBe(2);
  });

  it('takes a run’s or a subject’s questions at once, and says so as JSON', async () => {
    const rig = await RunRig.open({ questions: 4 });
    await rig.run();
    const { code, stdout } = await rig.command('forget', '--topic', 'physics', '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      namespace: 'millrace',
      holdings: { questions: 4, works: 12, examples: 4 },
      done: { questions: 4, records: 'erased' },
    });
    const both = await rig.command('forget', idOf(1), '--topic', 'physics');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('Expected one of')]);
  });

  it('works beside a run that is at the question', async () => {
    const rig = await RunRig.open({ questions: 6 });
    await rig.server.setScript({
      latencyMs: 1,
      sequences: [{ question: questionText(2), schema: 'candidate', faults: ['hang'] }],
    });
    const child = rig.start();
    await until('only that one is left', async () => (await rig.server.stats()).answered >= 16);
    const done = await rig.command('forget', idOf(2), '--yes');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('1 question forgotten')]);
    expect((await rig.command('show', idOf(2))).code).toBe(2);
    child.kill('SIGKILL');
    await child.exited;
    expect((await rig.run()).code).toBe(0);
    expect(await rig.dataset()).toHaveLength(5);
    const again = await rig.command('forget', idOf(2), '--yes');
    expect([again.code, again.stdout]).toEqual([0, expect.not.stringContaining('traces')]);
    expect(await anyFileHolds(rig.data, questionText(2))).toEqual([]);
  });

  it('is finished by the next call when it was killed on the way', async () => {
    const rig = await RunRig.open({ questions: 60 });
    await rig.run();
    const child = rig.startNode(MAIN, 'forget', '--topic', 'physics', '--yes', '--data', rig.data);
    await until('it begins', () => child.stderr().includes('60 questions'));
    child.kill('SIGKILL');
    await child.exited;
    for (const target of [['--topic', 'physics'], [idOf(0)]])
      expect((await rig.command('forget', ...target, '--yes')).code).toBe(0);
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const found = await Promise.all(numbers.map((number) => anyFileHolds(rig.data, questionText(number))));
    expect(found.flat()).toEqual([]);
  });
});
