import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ChatModel,
  type ChatReply,
  createPipeline,
  Failure,
  generateSyntheticData,
} from '../../src/index.ts';
import { failureOf } from '../support/failure-of.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'millrace-library-'));
const quick = { simulate: 'latency=1ms,reject=0%' };

function replyOf(value: unknown): ChatReply {
  const usage = { input: 10, output: 20, cached: 0, reasoning: 0 };
  return {
    text: JSON.stringify(value),
    reasoning: '',
    finishReason: 'stop',
    refusal: null,
    model: 'scripted',
    usage,
    costUsd: 0.001,
  };
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  research: { summary: 'known', keyPoints: ['one'], caveats: [] },
  generation: { prompt: 'Why?', answer: 'Because.' },
};

function judge(score: number): unknown {
  const each = { score, reason: 'so it is' };
  const scores = { correctness: each, completeness: each, clarity: each, relevance: each, safety: each };
  return { scores, feedback: 'write it better' };
}

/** A model that answers each stage, and whose judge gives `scores` in turn per question. */
function scripted(scoreOf: (call: number) => number, asked: string[] = []): ChatModel {
  let reviews = 0;
  return {
    address: 'scripted',
    simulated: false,
    complete: async ({ stage, messages }) => {
      asked.push(`${stage}: ${messages.at(-1)?.content ?? ''}`);
      return replyOf(stage === 'review' ? judge(scoreOf(reviews++)) : ANSWERS[stage]);
    },
  };
}

describe('without a key and an address', () => {
  const keyless = () => ({ data: temporary(), apiKeyVariable: 'MILLRACE_TEST_NO_KEY' });
  const asking = () => ({ questions: ['Why?'], ...keyless() });

  it.each([
    ['by name', { model: 'gpt-4o' }],
    ['for one agent', { model: { review: 'gpt-4o' } }],
    ['in the settings of an agent', { agents: { review: { model: 'gpt-4o' } } }],
  ])('a model that is named %s is refused, and not simulated in silence', async (_, named) => {
    const failure = await failureOf(() => generateSyntheticData({ ...asking(), ...named }));
    expect([failure.kind, failure.code]).toEqual(['fatal', 'no_key']);
    expect(failure.message).toBe(
      'Expected a key for gpt-4o, the model that is named: MILLRACE_TEST_NO_KEY is not set. Set it, or baseUrl for a server that needs no key, or rehearse with dryRun: true.',
    );
    const pipeline = await failureOf(() => createPipeline({ ...keyless(), ...named }));
    expect(pipeline.code).toBe('no_key');
  });

  it('a simulated model answers, and says so once on standard error', async () => {
    const said: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    onTestFinished(() => write.mockRestore());
    await generateSyntheticData(asking());
    const pipeline = await createPipeline({ ...keyless(), model: 'gpt-4o', dryRun: true });
    await pipeline.close();
    expect(said).toEqual([
      'millrace: SIMULATED model (MILLRACE_TEST_NO_KEY is not set): it invents answers at no cost. This makes no training data.\n',
    ]);
  });
});

describe('generateSyntheticData', () => {
  it('answers with the approved examples in the order of the questions', async () => {
    const questions = Array.from({ length: 30 }, (_, index) => `What is ${index}?`);
    const { examples, rejected, errors, summary, progress } = await generateSyntheticData({
      questions,
      topic: 'numbers',
      trainingType: 'sft',
      batchSize: 5,
      data: temporary(),
      ...quick,
    });
    expect(examples.map(({ question }) => question.text)).toEqual(questions);
    expect(examples.every(({ question, simulated }) => question.topic === 'numbers' && simulated)).toBe(true);
    expect([rejected, errors, summary.open]).toEqual([[], [], 0]);
    expect(progress.stages.map(({ done }) => done)).toEqual([30, 30, 30, 30, 30]);
  });

  it('pays for nothing when the same questions come again', async () => {
    const options = { questions: ['What is water?', 'What is  WATER?'], data: temporary(), ...quick };
    const first = await generateSyntheticData(options);
    const again = await generateSyntheticData(options);
    expect([first.summary.duplicates, first.summary.spent.calls]).toEqual([1, 3]);
    expect([again.summary.spent.calls, again.examples]).toEqual([0, first.examples]);
  });

  it('sends a candidate below the threshold back with the reasons, and stores the better one', async () => {
    const asked: string[] = [];
    const model = scripted((call) => (call === 0 ? 4 : 9), asked);
    const { examples, summary } = await generateSyntheticData({
      questions: ['Why?'],
      model,
      data: temporary(),
    });
    expect(examples.map(({ revision, review }) => [revision, review.score])).toEqual([[1, 9]]);
    expect(asked.filter((text) => text.startsWith('generation')).at(-1)).toContain('write it better');
    expect(summary.spent).toMatchObject({ calls: 5, costUsd: 0.005 });
  });

  it('gives up a candidate after the last revision, with every score', async () => {
    const model = scripted(() => 3);
    const { examples, rejected } = await generateSyntheticData({
      questions: ['Why?'],
      model,
      maxRevisions: 2,
      data: temporary(),
    });
    expect(examples).toEqual([]);
    expect(rejected.map(({ revision, review }) => [revision, review.verdict])).toEqual([[2, 'rejected']]);
  });

  it('tells of a question that failed for good, and goes on with its neighbours', async () => {
    const whole = scripted(() => 9);
    const model: ChatModel = {
      ...whole,
      complete: async (request, signal) => {
        if (request.messages.at(-1)?.content.includes('poisoned'))
          throw new Failure('poison', 'request_rejected', 'the server does not take this prompt');
        return whole.complete(request, signal);
      },
    };
    const { examples, errors } = await generateSyntheticData({
      questions: ['Is this poisoned?', 'Is this fine?'],
      model,
      data: temporary(),
    });
    expect(examples.map(({ question }) => question.text)).toEqual(['Is this fine?']);
    expect(errors).toMatchObject([{ stage: 'research', code: 'request_rejected', kind: 'poison' }]);
    expect(errors[0]?.questionId).toHaveLength(24);
  });

  it('rejects with what is wrong when a setting is', async () => {
    const wrong = generateSyntheticData({ questions: [], batchSize: -1, data: temporary() });
    await expect(wrong).rejects.toThrow(/batchSize.*-1/);
    const unknown = generateSyntheticData({ questions: [], trainingType: 'poetry', data: temporary() });
    await expect(unknown).rejects.toThrow(/poetry/);
  });

  it('drains on a signal, and the next call goes on', async () => {
    const data = temporary();
    const questions = Array.from({ length: 40 }, (_, index) => `What is ${index}?`);
    const controller = new AbortController();
    const whole = scripted(() => 9);
    let calls = 0;
    const model: ChatModel = {
      ...whole,
      complete: (request, signal) => {
        calls += 1;
        if (calls === 30) controller.abort();
        return whole.complete(request, signal);
      },
    };
    const first = await generateSyntheticData({
      questions,
      model,
      data,
      batchSize: 2,
      signal: controller.signal,
    });
    expect(first.summary.open).toBeGreaterThan(0);
    const second = await generateSyntheticData({ questions, model, data });
    expect([second.summary.open, second.examples.length, calls]).toEqual([0, 40, 120]);
  });
});

it('a run that is stopped cuts its calls when the time to drain is over', async () => {
  const controller = new AbortController();
  const { summary } = await generateSyntheticData({
    questions: ['What is water?'],
    data: temporary(),
    drainMs: 20,
    signal: controller.signal,
    model: {
      address: 'deaf',
      simulated: false,
      complete: () => {
        controller.abort();
        return new Promise(() => undefined);
      },
    },
  });
  expect(summary).toMatchObject({ interrupted: true, open: 1 });
});
