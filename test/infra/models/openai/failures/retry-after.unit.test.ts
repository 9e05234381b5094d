import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../../src/infra/models/openai/failures/retry-after.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

function wait(headers: Record<string, string>): number | undefined {
  return retryAfterMs(new Headers(headers), NOW_MS);
}

describe('the wait that a server asks for', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '604800' }, 604_800_000],
    [{ 'retry-after-ms': '1200' }, 1_200],
    [{ 'retry-after-ms': '1200', 'retry-after': '9' }, 1_200],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9_000],
  ])('%j is %i ms', (headers, expected) => {
    expect(wait(headers)).toBe(expected);
  });

  it('a date is read against the clock of the server', () => {
    const headers = {
      'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT',
      date: 'Wed, 21 Oct 2015 07:28:00 GMT',
    };
    expect(wait(headers)).toBe(30_000);
  });

  it('a date without the clock of the server is read against ours', () => {
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' })).toBe(60_000);
  });

  it('a date that has passed asks for no wait', () => {
    expect(wait({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })).toBe(0);
  });

  it.each(['-5', 'soon', '', '1e3', 'NaN'])('%j asks for nothing', (text) => {
    expect(wait({ 'retry-after': text })).toBeUndefined();
  });
});
