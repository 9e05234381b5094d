import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { violations } from '../../support/invariants.ts';
import type { Fault } from '../../support/llm/scripted-llm-script.ts';
import { ended, MAIN } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { questionText } from '../../support/run/question-files.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 6;

function script(fault: Fault, ...numbers: readonly number[]) {
  const faults = Array<Fault>(4).fill(fault);
  return numbers.map((number) => ({ question: questionText(number), schema: 'review', faults }));
}

/** A run that left a refused review, and two malformed ones. */
async function rigWithDead(): Promise<RunRig> {
  const sequences = [...script('refused', 0), ...script('malformed', 1, 2)];
  const rig = await RunRig.open({ questions: QUESTIONS, script: { sequences } });
  expect((await rig.run()).code).toBe(3);
  return rig;
}

const redrive = (rig: RunRig, ...flags: string[]) =>
  rig.startNode(MAIN, 'redrive', '--data', rig.data, '--base-url', rig.server.url, ...flags);

describe('dead letters on the command line', () => {
  it('are listed, counted, filtered and shown whole', async () => {
    const rig = await rigWithDead();
    const list = await rig.command('dead-letters');
    expect(list.stdout).toContain('content/refused');
    expect(list.stdout.match(/content\/not_json/g)).toHaveLength(2);
    const refused = await rig.command('dead-letters', 'list', '--class', 'refused', '--json');
    const [deadLetter, ...more] = refused.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(deadLetter).toMatchObject({ stage: 'review', code: 'refused', life: { kind: 'open' }, drive: 0 });
    expect(deadLetter.attempts).toHaveLength(4);
    const stats = await rig.command('dead-letters', 'stats', '--json');
    expect(
      stats.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { stage: 'review', code: 'not_json', count: 2 },
      { stage: 'review', code: 'refused', count: 1 },
    ]);
    const shown = await rig.command('dead-letters', 'show', deadLetter.work.questionId);
    for (const part of ['what to do', 'record', 'millrace.review:0:', 'attempts  4', 'died', deadLetter.id])
      expect(shown.stdout).toContain(part);
    expect((await rig.command('dead-letters', deadLetter.work.questionId)).stdout).toBe(shown.stdout);
    expect((await rig.command('dead-letters', 'list', '--stage', 'research')).stdout).toContain(
      'No dead letters',
    );
  });

  it('are sent again by class, with another model that stands with the result', async () => {
    const rig = await rigWithDead();
    const { started } = await rig.server.quietStats();
    const dry = await ended(redrive(rig, '--class', 'not_json', '--dry-run'));
    expect(dry.stdout).toContain('2 dead letters would be sent again');
    expect((await rig.server.quietStats()).started).toBe(started);
    const sent = await ended(redrive(rig, '--class', 'not_json', '--model', 'better', '--json'));
    expect(sent.code, sent.stderr).toBe(0);
    expect(JSON.parse(sent.stdout)).toEqual({ sent: 2, succeeded: 2, diedAgain: 0, waiting: 0 });
    const closed = await rig.command('dead-letters', 'list', '--closed', '--class', 'not_json', '--json');
    const deadLetters = closed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(deadLetters).toMatchObject(Array(2).fill({ life: { kind: 'closed', how: 'redriven' }, drive: 1 }));
    const story = await rig.command('show', deadLetters[0].work.questionId, '--json');
    const works = JSON.parse(story.stdout).works;
    const review = works.find(({ stage }: { stage: string }) => stage === 'review');
    const research = works.find(({ stage }: { stage: string }) => stage === 'research');
    expect(review).toMatchObject({ state: 'done', model: 'better' });
    expect(review.attempts).toHaveLength(5);
    expect(research.model).not.toBe('better');
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
  });

  it('die again after as many calls as the operator allows, and say so', async () => {
    const rig = await rigWithDead();
    await rig.server.setScript({ sequences: script('refused', 0, 1, 2) });
    const { started } = await rig.server.quietStats();
    const sent = await ended(redrive(rig, '--max-attempts', '1'));
    expect(sent.code, sent.stderr).toBe(3);
    expect(sent.stdout).toContain('0 succeeded, 3 died again');
    expect((await rig.server.quietStats()).started).toBe(started + 3);
    const [deadLetter] = (await rig.command('dead-letters', 'list', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(deadLetter.attempts).toHaveLength(5);
    expect(deadLetter.firstAt < deadLetter.at).toBe(true);
  });

  it('do not stop the worker over a model that does not exist', async () => {
    const rig = await rigWithDead();
    await rig.server.setScript({ sequences: [{ schema: 'review', faults: ['404', '404', '404'] }] });
    const sent = await ended(redrive(rig, '--model', 'no-such-model'));
    expect(sent.code, sent.stderr).toBe(3);
    expect((await rig.command('dead-letters', 'stats')).stdout).toContain('poison/unknown_model');
  });

  it('are worked by the process that is at work on the data, and waited for', async () => {
    const rig = await rigWithDead();
    await rig.server.setScript({});
    const worker = rig.startNode(MAIN, 'worker', '--data', rig.data, '--base-url', rig.server.url);
    await until('the worker is at work', () => worker.stderr().includes('At work'));
    const sent = await ended(redrive(rig, '--json'));
    expect(sent.code, sent.stderr).toBe(0);
    expect(JSON.parse(sent.stdout)).toMatchObject({ sent: 3, succeeded: 3 });
    worker.kill('SIGTERM');
    await worker.exited;
    expect((await ended(rig.startNode(MAIN, ...rig.args()))).code).toBe(0);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
  });

  it('that nobody can decode are one dead letter, however often they are sent again', async () => {
    const rig = await rigWithDead();
    const engine = await openEmbedded({ data: rig.data, namespace: 'millrace', mode: 'append' });
    await engine.log.publish('millrace.review', [{ key: 'x', value: '%%%' }]);
    await engine.close();
    expect((await rig.run()).code).toBe(3);
    for (const drive of [1, 2]) {
      const sent = await ended(redrive(rig, '--class', 'poison', '--json'));
      expect(JSON.parse(sent.stdout)).toEqual({ sent: 1, succeeded: 0, diedAgain: 1, waiting: 0 });
      const list = await rig.command('dead-letters', 'list', '--class', 'poison', '--json');
      const [deadLetter, ...more] = list.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(more).toEqual([]);
      expect(deadLetter).toMatchObject({ drive, value: '%%%', code: 'not_json', stage: 'review' });
    }
  });
});
