import { describe, expect, it } from 'vitest';
import { violations } from '../../support/invariants.ts';
import { MAIN } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { until } from '../../support/until.ts';
import { deskOf, untilCounts } from './desk-client.ts';

const QUESTIONS = 5;
const EDITED = 'An answer that a person wrote.';

describe('the review desk', () => {
  it('keeps what people decided when the server and the worker are killed, and takes back what they undo', async () => {
    const rig = await RunRig.open({ questions: QUESTIONS, flags: ['--quiet', '--hold-scores', '1..10'] });
    const run = await rig.run();
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain(`${QUESTIONS} held for a person`);
    expect(await violations(rig.data)).toEqual([]);

    const { server, desk } = await deskOf(rig);
    const [ann, bob] = await Promise.all([desk.next('Ann'), desk.next('Bob')]);
    expect(ann.item.questionId).not.toBe(bob.item.questionId);
    expect(await desk.claim(ann.item, 'Bob')).toMatchObject({ status: 409, body: { code: 'taken' } });
    expect(await desk.decide(ann, 'Ann', { verdict: 'approve' })).toMatchObject({ status: 200 });
    expect(await desk.decide(ann, 'Ann', { verdict: 'reject' })).toMatchObject({ status: 409 });
    expect(await desk.decide(bob, 'Bob', { verdict: 'reject', reason: 'Too thin.' })).toMatchObject({
      status: 200,
    });
    const edited = await desk.next('Ann');
    const unfit = await desk.decide(edited, 'Ann', { verdict: 'edit', candidate: { answer: 1 } });
    expect(unfit).toMatchObject({ status: 422, body: { issues: expect.any(Array) } });
    const candidate = { prompt: edited.item.question.text, answer: EDITED };
    expect(await desk.decide(edited, 'Ann', { verdict: 'edit', candidate })).toMatchObject({ status: 200 });
    server.kill('SIGKILL');
    await server.exited;

    const killed = rig.startNode(MAIN, 'worker', '--data', rig.data, '--base-url', rig.server.url);
    await until('the worker is at work', () => killed.stderr().includes('At work'));
    killed.kill('SIGKILL');
    await killed.exited;
    const worker = rig.startNode(MAIN, 'worker', '--data', rig.data, '--base-url', rig.server.url);
    await untilCounts(rig, { approved: 2, rejected: 1, held: 2 });

    const again = await deskOf(rig);
    const fourth = await again.desk.next('Ann');
    await again.desk.decide(fourth, 'Ann', { verdict: 'approve' });
    await untilCounts(rig, { approved: 3, rejected: 1, held: 1 });
    expect(await again.desk.undo(fourth.item, 'Ann')).toMatchObject({ status: 200 });
    expect(await again.desk.undo(fourth.item, 'Ann')).toMatchObject({ status: 409 });
    await untilCounts(rig, { approved: 2, rejected: 1, held: 2 });
    const back = await until('it waits again', async () => {
      const { items } = await again.desk.queue();
      return items.find(({ questionId }) => questionId === fourth.item.questionId);
    });
    expect(back.revision).toBeGreaterThan(fourth.item.revision);
    const decisions = await again.desk.decisions();
    expect(decisions.map(({ verdict, undone }) => [verdict, undone])).toEqual([
      ['undo', false],
      ['approve', true],
      ['edit', false],
      ['reject', false],
      ['approve', false],
    ]);
    expect(await again.desk.agreement()).toMatchObject({ decided: 3, agreed: 1 });

    worker.kill('SIGTERM');
    again.server.kill('SIGTERM');
    expect([(await worker.exited).code, (await again.server.exited).code]).toEqual([0, 0]);
    expect(await violations(rig.data)).toEqual([]);
    const out = await rig.command('export', '--format', 'record', '--out', `${rig.dir}/people.jsonl`);
    expect(out.code, out.stderr).toBe(0);
    const examples = (await rig.lines('people.jsonl')).map((line) => JSON.parse(line));
    expect(examples).toHaveLength(2);
    const byPerson = examples.find(({ questionId }) => questionId === edited.item.questionId);
    expect(byPerson).toMatchObject({ candidate: { answer: EDITED }, review: { reviewer: 'Ann' } });
    const { stdout } = await rig.command('show', fourth.item.questionId);
    expect(stdout).toMatch(
      /: held\n[\s\S]*approve of revision 0 by Ann, .* \(taken back\)\n {2}undo of revision 1 by Ann/,
    );
    expect((await rig.command('status')).stdout).toContain('2, for a person to decide: millrace serve');
  });
});
