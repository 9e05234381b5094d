import { describe, expect, it } from 'vitest';
import { rateReading } from '../../../../src/infra/models/openai/rate-headers.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const read = (headers: Record<string, string>) => rateReading(new Headers(headers), NOW_MS);

const requests = (reset: string) => ({
  'x-ratelimit-limit-requests': '60',
  'x-ratelimit-remaining-requests': '59',
  'x-ratelimit-reset-requests': reset,
});

describe("the server's budgets", () => {
  it.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['7.66s', 7_660],
    ['1h2m3s', 3_723_000],
    ['1d', 86_400_000],
    ['30', 30_000],
    ['0.5', 500],
    [`${NOW_MS / 1_000 + 5}`, 5_000],
    [`${NOW_MS + 5_000}`, 5_000],
    ['2026-01-01T00:00:10Z', 10_000],
    ['Thu, 01 Jan 2026 00:00:20 GMT', 20_000],
    ['2025-12-31T23:59:00Z', 0],
    ['soon', undefined],
  ])('are whole again in %s: %s ms', (text, resetMs) => {
    expect(read(requests(text))).toEqual({ requests: { limit: 60, remaining: 59, resetMs } });
  });

  it('are those of requests and of tokens, as OpenAI names them', () => {
    const headers = {
      ...requests('1s'),
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(read(headers)).toEqual({
      requests: { limit: 60, remaining: 59, resetMs: 1_000 },
      tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    });
  });

  it('are read as Anthropic names them, against the clock of the server', () => {
    const headers = {
      date: 'Thu, 01 Jan 2026 01:00:00 GMT',
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': '2026-01-01T01:00:02Z',
    };
    expect(read(headers)).toEqual({ requests: { limit: 50, remaining: 49, resetMs: 2_000 } });
  });

  it('are read without a limit and a reset, as Azure sends them', () => {
    expect(read({ 'x-ratelimit-remaining-requests': '79' })).toEqual({
      requests: { limit: undefined, remaining: 79, resetMs: undefined },
    });
  });

  it('are read from the fields of the IETF draft', () => {
    const headers = { 'ratelimit-limit': '10', 'ratelimit-remaining': '4', 'ratelimit-reset': '50' };
    expect(read(headers)).toEqual({ requests: { limit: 10, remaining: 4, resetMs: 50_000 } });
  });

  it.each([
    [{}],
    [
      {
        'x-ratelimit-limit-tokens': '-1',
        'x-ratelimit-remaining-tokens': '-1',
        'x-ratelimit-reset-tokens': '0',
      },
    ],
    [{ 'x-ratelimit-limit-tokens': '-1', 'x-ratelimit-remaining-tokens': '0' }],
    [{ 'x-ratelimit-remaining-requests': 'many' }],
    [{ 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '11' }],
  ])('are not there in %j', (headers) => {
    expect(read(headers)).toBeUndefined();
  });
});
