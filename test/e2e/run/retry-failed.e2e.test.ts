import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violations } from '../../support/invariants.ts';
import type { Fault } from '../../support/llm/scripted-llm-script.ts';
import { ended, MAIN } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { questionText } from '../../support/run/question-files.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 6;
const garbage = Array<Fault>(4).fill('malformed');

/** A run that left the reviews of these questions as dead letters. */
async function rigWithDead(...numbers: readonly number[]): Promise<RunRig> {
  const sequences = numbers.map((number) => ({
    question: questionText(number),
    schema: 'review',
    faults: garbage,
  }));
  const rig = await RunRig.open({ questions: QUESTIONS, script: { sequences } });
  expect((await rig.run()).code).toBe(3);
  expect(await rig.dataset()).toHaveLength(QUESTIONS - numbers.length);
  return rig;
}

/** `millrace run --retry-failed`, as the summary of a run advises. */
function startRetry(rig: RunRig) {
  const where = ['--base-url', rig.server.url, '--out', join(rig.dir, 'dataset.jsonl'), '--data', rig.data];
  return rig.startNode(MAIN, 'run', '--retry-failed', ...where);
}

describe('dead letters sent again without a file', () => {
  it('leave the dataset whole', async () => {
    const rig = await rigWithDead(2);
    const retried = await ended(startRetry(rig));
    expect(retried.code, retried.stderr).toBe(0);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
  });

  it('are gone on with by the same command after a stop', async () => {
    const rig = await rigWithDead(0, 1, 2, 3);
    await rig.server.setScript({ latencyMs: 300, sequences: [{ faults: ['ok', '503', '503', '503'] }] });
    const { started } = await rig.server.stats();
    const child = startRetry(rig);
    await until('calls are made', async () => (await rig.server.stats()).started > started);
    child.kill('SIGTERM');
    expect((await ended(child)).code).toBe(130);
    await rig.server.setScript({});
    const again = await ended(startRetry(rig));
    expect(again.code, again.stderr).toBe(0);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
  });
});
