import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../../src/features/questions/question-record.ts';
import {
  figuresOf,
  forecastOf,
  type QuestionFigures,
} from '../../../../src/features/run/estimate/forecast.ts';
import { shareRange, totalRange } from '../../../../src/features/run/estimate/interval.ts';
import { sampleOf } from '../../../../src/features/run/estimate/sample.ts';

const figures = (overrides: Partial<QuestionFigures> = {}): QuestionFigures => ({
  status: 'approved',
  tokens: 100,
  costUsd: 0.01,
  callMs: { research: 1_000, generation: 2_000, review: 500 },
  ...overrides,
});
const TEN = { research: 10, generation: 10, review: 10 };

describe('a forecast', () => {
  it('is the mean of the sample for every question, and the time of the slowest stage', () => {
    const sample = [figures(), figures({ tokens: 300, costUsd: 0.03 })];
    const { tokens, costUsd, seconds, questions, sampled } = forecastOf(sample, 1_000, TEN);
    expect([questions, sampled]).toEqual([1_000, 2]);
    expect(tokens.expected).toBeCloseTo(200_000);
    expect(costUsd?.expected).toBeCloseTo(20);
    expect(seconds.expected).toBeCloseTo(200 + 3.5);
    expect(forecastOf(sample, 1_000, { ...TEN, generation: 40 }).seconds.expected).toBeCloseTo(100 + 3.5);
  });

  it('knows no money where a price is not known, and no range from one question', () => {
    expect(forecastOf([figures(), figures({ costUsd: null })], 10, TEN).costUsd).toBeUndefined();
    expect(forecastOf([figures()], 10, TEN).tokens).toEqual({ expected: 1_000 });
  });

  it('tells the shares of rejected and failed questions', () => {
    const sample = ['approved', 'approved', 'rejected', 'dead_lettered'].map((status) => figures({ status }));
    const { rejected, failed } = forecastOf(sample, 100, TEN);
    expect([rejected.expected, failed.expected]).toEqual([0.25, 0.25]);
  });
});

describe('the figures of a question', () => {
  const usage = { input: 80, output: 20, cached: 0, reasoning: 0 };
  const attempt = {
    number: 1,
    startedAt: '',
    durationMs: 10,
    outcome: 'ok',
    code: '',
    message: '',
    model: 'm',
    finishReason: 'stop',
    usage,
    reply: '',
  } as const;
  const workOf = (costUsd: number | null, calls: readonly (number | null)[]) => ({
    ...{
      stage: 'research',
      revision: 0,
      state: 'done',
      model: 'm',
      recipe: 'r',
      usage,
      result: {},
      updatedAt: '',
    },
    costUsd,
    attempts: calls.map((cost) => ({ ...attempt, costUsd: cost })),
  });
  const costOf = (...works: ReturnType<typeof workOf>[]) =>
    figuresOf({ lane: 'main', questionId: 'q', status: 'approved', works, updatedAt: '' } as never)?.costUsd;

  it('count look-ups, which cost something and are no calls', () => {
    expect(costOf(workOf(0.5, [0.1, 0.2]), workOf(0.25, [0.25]))).toBeCloseTo(0.75);
    expect(costOf(workOf(null, [0.1]))).toBeCloseTo(0.1);
    expect(costOf(workOf(0.5, [null]))).toBeNull();
  });
});

describe('a range', () => {
  it('is the t-interval of the mean, as by hand', () => {
    const { expected, low, high } = totalRange([1, 2, 3, 4, 5], 1_000_000_000);
    expect(expected).toBeCloseTo(3e9);
    expect((high ?? 0) / 1e9).toBeCloseTo(3 + 2.132 * Math.sqrt(2.5 / 5), 3);
    expect((low ?? 0) / 1e9).toBeCloseTo(3 - 2.132 * Math.sqrt(2.5 / 5), 3);
  });

  it('is exact where everything was sampled, and never below what was sampled', () => {
    const sample = fc.array(fc.nat(1_000), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(sample, fc.nat(1_000), (values, more) => {
        const sum = values.reduce((total, value) => total + value, 0);
        expect(totalRange(values, values.length)).toEqual({ expected: sum, low: sum, high: sum });
        const { low = -1, expected, high = -1 } = totalRange(values, values.length + more);
        expect(low).toBeGreaterThanOrEqual(sum);
        expect(expected).toBeLessThanOrEqual(high + 1e-6);
      }),
    );
  });

  it('of a share lies between none and all, and is wide for few', () => {
    expect(shareRange(0, 5)).toMatchObject({ expected: 0, low: 0 });
    expect(shareRange(0, 5).high).toBeCloseTo(0.351, 2);
    expect(shareRange(5, 5).high).toBe(1);
    expect(shareRange(0, 0)).toEqual({ expected: 0 });
  });
});

describe('a sample', () => {
  const question = (text: string): Asked => ({
    question: { text, context: '', topic: '', subTopic: '', trainingType: 'sft' },
  });
  async function* supply(count: number) {
    for (let index = 0; index < count; index += 1) yield question(String(index));
  }
  const textsOf = async (count: number, size: number, most?: number) => {
    const { questions, population } = await sampleOf(supply(count), size, most);
    return { texts: questions.map((each) => Number(each.question.text)), population };
  };

  it('is the same for the same supply, in its order, and all of a small one', async () => {
    const first = await textsOf(1_000, 20);
    expect(await textsOf(1_000, 20)).toEqual(first);
    expect(first.population).toBe(1_000);
    expect(new Set(first.texts).size).toBe(20);
    expect(first.texts).toEqual([...first.texts].sort((a, b) => a - b));
    expect((await textsOf(3, 20)).texts).toEqual([0, 1, 2]);
    expect(await textsOf(0, 20)).toEqual({ texts: [], population: 0 });
  });

  it('comes from all of the supply, and of no more than was allowed', async () => {
    const { texts } = await textsOf(10_000, 100);
    const later = texts.filter((each) => each >= 5_000).length;
    expect(later).toBeGreaterThan(30);
    expect(later).toBeLessThan(70);
    const limited = await textsOf(10_000, 5, 10);
    expect(limited.population).toBe(10);
    expect(Math.max(...limited.texts)).toBeLessThan(10);
  });
});
