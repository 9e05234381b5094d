import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCostOf, highestCost, wellKnownPrices } from '../../../src/infra/models/prices.ts';

const MILLION = 1_000_000;
const usage = { input: MILLION, output: MILLION, cached: 0, reasoning: 0 };

describe('the cost of a call', () => {
  it('is that of its input and its output', () => {
    expect(callCostOf(wellKnownPrices, 'gpt-4o-mini', usage)).toBeCloseTo(0.75);
  });

  it('counts cached input at its own price', () => {
    const cached = { ...usage, output: 0, cached: MILLION / 2 };
    expect(callCostOf(wellKnownPrices, 'gpt-4o', cached)).toBeCloseTo(1.25 + 0.625);
  });

  it('counts cached input like any other where no price is given for it', () => {
    const prices = { mine: { input: 2, output: 4 } };
    expect(callCostOf(prices, 'mine', { ...usage, cached: MILLION })).toBe(6);
  });

  it('counts what was written to the cache at its own price, and as a part of the input', () => {
    const written = { ...usage, output: 0, cached: MILLION / 4, cacheWrites: MILLION / 2 };
    const sum = 0.25 * 3 + 0.25 * 0.3 + 0.5 * 3.75;
    expect(callCostOf(wellKnownPrices, 'claude-sonnet-4-5', written)).toBeCloseTo(sum);
    expect(callCostOf(wellKnownPrices, 'gpt-4o', written)).toBeCloseTo(0.75 * 2.5 + 0.25 * 1.25);
  });

  it('counts reasoning once, as a part of the output, at its own price where it has one', () => {
    const thought = { ...usage, input: 0, reasoning: MILLION / 2 };
    expect(callCostOf(wellKnownPrices, 'o3', thought)).toBeCloseTo(8);
    const prices = { mine: { input: 1, output: 2, reasoning: 6 } };
    expect(callCostOf(prices, 'mine', thought)).toBeCloseTo(1 + 3);
  });

  it('is never above what so many tokens can cost at most, nor below zero', () => {
    const tokens = fc.nat(MILLION);
    const usages = fc.record({
      input: tokens,
      output: tokens,
      cached: tokens,
      reasoning: tokens,
      cacheWrites: tokens,
    });
    const usd = fc.double({ min: 0, max: 100, noNaN: true });
    const prices = fc.record(
      { input: usd, output: usd, cachedInput: usd, cacheWrite: usd, reasoning: usd },
      { requiredKeys: ['input', 'output'] },
    );
    fc.assert(
      fc.property(usages, prices, (used, price) => {
        const cost = callCostOf({ m: price }, 'm', used) ?? Number.NaN;
        expect(cost).toBeGreaterThanOrEqual(0);
        expect(cost).toBeLessThanOrEqual(highestCost(price, used.input, used.output) + 1e-9);
      }),
    );
  });

  it('is never below zero, whatever a server reports', () => {
    expect(callCostOf(wellKnownPrices, 'gpt-4o', { ...usage, input: 0, output: 0, cached: MILLION })).toBe(0);
  });

  it.each([
    ['gpt-4o-mini-2024-07-18', 0.75],
    ['gpt-4o-2024-08-06', 12.5],
    ['gpt-4o-2024-05-13', 20],
    ['claude-sonnet-4-20250514', 18],
    ['claude-sonnet-4-5-20250929', 18],
  ])('of the dated name %s is that of its model', (model, expected) => {
    expect(callCostOf(wellKnownPrices, model, usage)).toBeCloseTo(expected);
  });

  it.each([
    ['claude-opus-5-5', 24],
    ['anthropic/claude-opus-5.5', 24],
    ['openrouter/anthropic/claude-opus-5.5', 24],
    ['claude-opus-4-5@20251101', 30],
    ['gpt-5.5', 35],
    ['openai/gpt-5.5', 35],
    ['google/gemini-2.5-flash', 2.8],
    ['models/gemini-2.5-flash', 2.8],
    ['x-ai/grok-4.3', 3.75],
  ])('is known under the name that its vendor or a router uses: %s', (model, expected) => {
    expect(callCostOf(wellKnownPrices, model, usage)).toBeCloseTo(expected);
  });

  it("is not that of another vendor's model of the same name", () => {
    expect(callCostOf(wellKnownPrices, 'somebody/gpt-5.5', usage)).toBeNull();
    expect(callCostOf(wellKnownPrices, 'anthropic/gpt-5.5', usage)).toBeNull();
  });

  it.each([
    'gpt-4o-audio',
    'gpt-4o-audio-preview-2024-12-17',
    'gpt-4',
    'gpt-4o-2024',
    'llama3',
    'constructor',
    '',
  ])('is unknown for %j', (model) => {
    expect(callCostOf(wellKnownPrices, model, usage)).toBeNull();
  });
});
