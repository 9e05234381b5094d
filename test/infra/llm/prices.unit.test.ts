import { describe, expect, it } from 'vitest';
import { costOf, wellKnownPrices } from '../../../src/infra/llm/prices.ts';

const MILLION = 1_000_000;
const usage = { input: MILLION, output: MILLION, cached: 0, reasoning: 0 };

describe('the cost of a call', () => {
  it('is that of its input and its output', () => {
    expect(costOf(wellKnownPrices, 'gpt-4o-mini', usage)).toBeCloseTo(0.75);
  });

  it('counts cached input at its own price', () => {
    const cached = { ...usage, output: 0, cached: MILLION / 2 };
    expect(costOf(wellKnownPrices, 'gpt-4o', cached)).toBeCloseTo(1.25 + 0.625);
  });

  it('counts cached input like any other where no price is given for it', () => {
    const prices = { mine: { input: 2, output: 4 } };
    expect(costOf(prices, 'mine', { ...usage, cached: MILLION })).toBe(6);
  });

  it('is never below zero, whatever a server reports', () => {
    expect(costOf(wellKnownPrices, 'gpt-4o', { ...usage, input: 0, output: 0, cached: MILLION })).toBe(0);
  });

  it.each([
    ['gpt-4o-mini-2024-07-18', 0.75],
    ['gpt-4o-2024-08-06', 12.5],
    ['gpt-4o-2024-05-13', 20],
    ['claude-sonnet-4-20250514', 18],
    ['claude-sonnet-4-5-20250929', 18],
  ])('of the dated name %s is that of its model', (model, expected) => {
    expect(costOf(wellKnownPrices, model, usage)).toBeCloseTo(expected);
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
    expect(costOf(wellKnownPrices, model, usage)).toBeNull();
  });
});
