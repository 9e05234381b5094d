import { expect, it } from 'vitest';
import type { Fault } from '../../support/llm/scripted-llm-script.ts';
import { ended } from '../../support/process/millrace.ts';
import { questionText } from '../../support/run/question-files.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { WorkerRig } from './worker-rig.ts';

const QUESTIONS = 6;
const DEAD = 3;

await describeOnServers('dead letters on Kafka and MongoDB', (servers) => {
  it('are worked by live workers, sent once by two operators at once, with another model', async () => {
    const faults = Array<Fault>(4).fill('malformed');
    const sequences = Array.from({ length: DEAD }, (_, number) => ({
      ...{ question: questionText(number), schema: 'review', faults },
    }));
    const rig = await WorkerRig.open(servers, QUESTIONS, { sequences });
    const worker = await rig.worker();
    await rig.untilStatus('dead_lettered', DEAD);
    await rig.untilStatus('approved', QUESTIONS - DEAD);
    const before = (await rig.llm.quietStats()).started;
    const operators = await Promise.all(
      [1, 2].map(() => ended(rig.start('redrive', '--model', 'better', '--json'))),
    );
    expect(operators.map(({ code }) => code)).toEqual([0, 0]);
    const outcomes = operators.map(({ stdout }) => JSON.parse(stdout));
    expect(outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(DEAD);
    expect(outcomes.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(DEAD);
    await rig.untilStatus('approved', QUESTIONS);
    expect(await rig.llm.quietStats()).toMatchObject({ started: before + DEAD, paidTwice: [] });
    const closed = (await rig.done('dead-letters', 'list', '--closed', '--json')).trim().split('\n');
    expect(closed.map((line) => JSON.parse(line).life.how)).toEqual(Array(DEAD).fill('redriven'));
    const story = JSON.parse(await rig.done('show', JSON.parse(closed[0] ?? '').work.questionId, '--json'));
    const review = story.works.find(({ stage }: { stage: string }) => stage === 'review');
    expect(review).toMatchObject({ state: 'done', model: 'better' });
    worker.kill('SIGTERM');
    expect((await worker.exited).code).toBe(0);
  });
});
