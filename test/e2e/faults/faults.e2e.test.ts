import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { exampleSchema } from '../../../src/stages/example.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import type { History } from '../../../src/stages/store/store.ts';
import { violations } from '../../support/invariants.ts';
import type { Fault, ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { questionText } from '../../support/run/question-files.ts';

const QUESTIONS = 40;
const SCHEMAS = ['research', 'candidate', 'review'] as const;
const STAGES = { research: 'research', candidate: 'generation', review: 'review' } as const;

/** What each fault must be recorded as: class and code. `fenced` is no failure: the answer is whole. */
const RECORDED: Readonly<Record<string, string>> = {
  malformed: 'content/not_json',
  'schema-mismatch': 'content/schema_mismatch',
  truncated: 'content/truncated',
  refused: 'content/refused',
  '429': 'transient/rate_limited',
  '500': 'transient/server_error',
  cut: 'transient/connection_lost',
  hang: 'transient/timeout',
};
const FAULTS = ['fenced', ...Object.keys(RECORDED)] as Fault[];

type Planned = Readonly<{ question: number; schema: (typeof SCHEMAS)[number]; fault: Fault }>;

/** One fault for each question, every fault at every stage. */
const PLAN: readonly Planned[] = Array.from({ length: QUESTIONS }, (_, question) => ({
  question,
  schema: SCHEMAS[Math.floor(question / FAULTS.length) % SCHEMAS.length] ?? 'research',
  fault: FAULTS[question % FAULTS.length] ?? 'fenced',
}));

const script: ScriptInput = {
  retryAfter: '1',
  sequences: PLAN.map(({ question, schema, fault }) => ({
    question: questionText(question),
    schema,
    faults: [fault],
  })),
};

async function historyOf(data: string, number: number): Promise<History | undefined> {
  const engine = await openEmbedded({ data, namespace: 'millrace', mode: 'read' });
  try {
    const question = {
      text: questionText(number),
      context: '',
      topic: 'physics',
      subTopic: '',
      trainingType: 'sft',
    };
    return (await engine.store.reports.histories(questionIdOf(question)))[0];
  } finally {
    await engine.close();
  }
}

describe('a model server with every fault there is', () => {
  it('costs one more call per fault, and damages no example', async () => {
    // For the answers that never come; any other comes sooner, on a busy machine too.
    const env = { MILLRACE_TIMEOUT_MS: '8000' };
    const rig = await RunRig.open({
      questions: QUESTIONS,
      script,
      env,
      flags: ['--quiet', '--format', 'record'],
    });
    const run = await rig.run();
    expect(run.code, run.stderr).toBe(0);
    const failing = PLAN.filter(({ fault }) => fault !== 'fenced');
    const stats = await rig.server.quietStats();
    expect(stats.started).toBe(3 * QUESTIONS + failing.length);
    expect(await violations(rig.data, { calls: stats })).toEqual([]);
    for (const { question, schema, fault } of PLAN) await expectRecorded(rig.data, question, schema, fault);
    const lines = await rig.dataset();
    expect(lines).toHaveLength(QUESTIONS);
    for (const [index, line] of lines.entries()) {
      const record = z
        .looseObject({ question: z.unknown(), research: exampleSchema.shape.research })
        .parse(JSON.parse(line));
      expect(JSON.stringify(record)).toContain(questionText(index));
      expect(JSON.stringify(record)).not.toContain('unexpected');
    }
  });
});

async function expectRecorded(data: string, question: number, schema: Planned['schema'], fault: Fault) {
  const history = await historyOf(data, question);
  expect(history?.status).toBe('approved');
  const attempts = history?.works.find(({ stage }) => stage === STAGES[schema])?.attempts ?? [];
  const outcomes = attempts.map(({ outcome, code }) => `${outcome}/${code}`);
  const wanted = RECORDED[fault];
  expect([fault, ...outcomes]).toEqual([fault, ...(wanted === undefined ? [] : [wanted]), 'ok/ok']);
  const [first] = attempts;
  if (wanted?.startsWith('content/') !== true) return;
  expect(first?.usage.input).toBeGreaterThan(0);
  expect(first?.model).not.toBe('');
  if (fault !== 'refused') expect(first?.reply).not.toBe('');
}

describe('a question whose answers are always garbage', () => {
  it('becomes a dead letter with every reply, and stops nobody', async () => {
    const always = Array<Fault>(50).fill('schema-mismatch');
    const rig = await RunRig.open({
      questions: 12,
      script: { sequences: [{ question: questionText(5), schema: 'candidate', faults: always }] },
    });
    const run = await rig.run();
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('1 dead-lettered');
    expect(run.stdout).toContain('millrace dead-letters');
    expect(await rig.dataset()).toHaveLength(11);
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);

    const history = await historyOf(rig.data, 5);
    expect(history?.status).toBe('dead_lettered');
    const listed = await rig.command('dead-letters', history?.questionId ?? '');
    expect(listed.stdout).toContain('content/schema_mismatch');
    expect(listed.stdout.match(/\| \{"unexpected":true\}/g)).toHaveLength(4);

    expect((await rig.run()).code).toBe(3);
    // Three more calls for its candidate, and none for its review.
    expect((await rig.server.stats()).started).toBe(12 * 3 + 3 - 1);
    const retried = await rig.run('--retry-failed');
    expect(retried.code, 'the server is still broken').toBe(3);

    await rig.server.setScript({});
    const again = await rig.run('--retry-failed');
    expect(again.code, again.stdout).toBe(0);
    expect(again.stdout).not.toContain('dead-lettered');
    expect(await rig.dataset()).toHaveLength(12);
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
    expect((await rig.command('dead-letters')).stdout).toContain('No dead letters');
  });
});
