import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { networkOf, WrongTokens } from '../../../src/infra/http/wrong-tokens.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function guessedAt() {
  const told: [string, number][] = [];
  const wrong = new WrongTokens((address, count) => told.push([address, count]));
  const guess = (times: number, address = '10.0.0.1') => {
    for (let index = 0; index < times; index += 1) wrong.count(address);
  };
  return { told, wrong, guess };
}

describe('wrong tokens', () => {
  it('are told of at once, and then once a minute with their count, until they end', () => {
    const { told, guess } = guessedAt();
    guess(20);
    expect(told).toEqual([['10.0.0.1', 1]]);
    vi.advanceTimersByTime(60_000);
    expect(told.slice(1)).toEqual([['10.0.0.1', 19]]);
    vi.advanceTimersByTime(600_000);
    expect(told).toHaveLength(2);
    guess(1);
    expect(told.slice(2)).toEqual([['10.0.0.1', 1]]);
  });

  it('make their address wait after 50 of them, and no other', () => {
    const { wrong, guess } = guessedAt();
    guess(49);
    expect(() => wrong.assertMayTry('10.0.0.1')).not.toThrow();
    guess(1);
    expect(() => wrong.assertMayTry('10.0.0.1')).toThrow(
      expect.objectContaining({ status: 429, facts: { retryAfterSeconds: 5 } }),
    );
    expect(() => wrong.assertMayTry('::ffff:10.0.0.1')).toThrow('Too many wrong tokens');
    expect(() => wrong.assertMayTry('10.0.0.2')).not.toThrow();
    vi.advanceTimersByTime(5_000);
    expect(() => wrong.assertMayTry('10.0.0.1')).not.toThrow();
  });

  it('of ever more addresses take no more room, and none goes untold', () => {
    const { told, guess } = guessedAt();
    for (let index = 0; index < 1_200; index += 1) guess(2, `10.0.${Math.floor(index / 256)}.${index % 256}`);
    expect(vi.getTimerCount()).toBe(1_000);
    expect(told.reduce((sum, [, count]) => sum + count, 0)).toBe(1_200 + 200);
  });

  it('leave no timer behind when the server closes', () => {
    const { wrong, guess } = guessedAt();
    guess(1);
    wrong.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('addresses of IPv6 count by the network of one customer', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2:ffff::1'));
  expect(networkOf('::1')).toBe('::1');
});
