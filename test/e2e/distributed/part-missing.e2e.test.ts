import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startMillrace } from '../../support/process/millrace.ts';
import { untilStatusIn } from '../../support/run/until-status.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 6;

const CARDS = `
import { z } from '${import.meta.resolve('zod')}';
import { definePlugin, defineTrainingType } from 'millrace';
const flashcard = defineTrainingType({
  name: 'flashcard',
  description: 'a card with a front and a back',
  candidate: z.object({ front: z.string().min(1), back: z.string().min(1) }),
  instructions: 'Write one flashcard on the question.',
  present: ({ front, back }) => front + '\\n\\n' + back,
  turns: ({ front, back }) => [{ user: front, assistant: back }],
});
export default definePlugin({ name: '@me/cards', version: '1.0.0', trainingTypes: [flashcard] });
`;

await describeOnServers('workers of which one lacks a plugin, on Kafka and MongoDB', ({ kafka, mongo }) => {
  it('that one says so and leaves its stages alone, the other works them, and nothing is lost', async () => {
    const namespace = `parts-${randomUUID().slice(0, 8)}`;
    const cwd = await tempDir();
    await writeFile(join(cwd, 'cards.ts'), CARDS);
    await writeFile(join(cwd, 'cards.yaml'), 'plugins: [./cards.ts]\ntrainingType: flashcard\n');
    const asked = Array.from({ length: QUESTIONS }, (_, index) => `What is ion ${index}?\n`);
    await writeFile(join(cwd, 'questions.txt'), asked.join(''));
    const where = ['--kafka', kafka, '--mongo', mongo, '--namespace', namespace];
    const env = {
      XDG_CONFIG_HOME: await tempDir(),
      MILLRACE_PARTITIONS: '2',
      MILLRACE_SIMULATE: 'latency=1ms,reject=0%',
    };
    const start = (data: string, ...args: readonly string[]) =>
      startMillrace([...args, ...where, '--data', join(cwd, data)], { cwd, env });
    const worker = async (data: string, ...args: readonly string[]) => {
      const child = start(data, 'worker', ...args);
      await until('the worker is at work', () => child.stderr().includes('At work'));
      return child;
    };
    const stands = untilStatusIn(mongo, `${namespace}-simulated`);

    const opener = await worker('with', '--config', 'cards.yaml');
    opener.kill('SIGTERM');
    expect((await opener.exited).code).toBe(0);
    const lacking = await worker('without');
    expect(lacking.stderr()).toMatch(/Stage generation does not start: .*@me\/cards 1\.0\.0/s);
    expect(lacking.stderr()).toContain('At work: questions, research, storage');
    const ingested = start('with', 'ingest', 'questions.txt', '--config', 'cards.yaml');
    expect([(await ingested.exited).code, ingested.stderr()]).toEqual([0, ingested.stderr()]);
    await stands({ status: 'researched', count: QUESTIONS });
    const able = await worker('with', '--config', 'cards.yaml');
    await stands({ status: 'approved', count: QUESTIONS });
    const deadLetters = start('with', 'dead-letters', '--json');
    expect((await deadLetters.exited).code).toBe(0);
    expect(deadLetters.stdout().trim()).toMatch(/^(\[\])?$/);
    for (const each of [lacking, able]) {
      each.kill('SIGTERM');
      expect((await each.exited).code).toBe(0);
    }
  });
});
