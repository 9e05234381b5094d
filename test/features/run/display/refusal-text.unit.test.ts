import { describe, expect, it } from 'vitest';
import { refusalText } from '../../../../src/features/run/display/watch.ts';

const endpoint = 'https://llm.example/v1';
const message = `The server at ${endpoint} answered with status 429: The balance is used up: recharge the account.`;
const nowMs = Date.parse('2026-01-01T12:00:00Z');

describe('a server that refuses every call', () => {
  it('is told with its words and until when it is left alone, in 80 columns', () => {
    const refusing = { message, sinceMs: 12_000 };
    const text = refusalText({ endpoint, refusing, pausedMs: 86_400_000 }, nowMs) ?? '';
    expect(text.replace(/\s+/g, ' ')).toContain('The balance is used up: recharge the account.');
    expect(text.replace(/\s+/g, ' ')).toContain('asked again at 2026-01-02 12:00 UTC (in 24 h 0 min)');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('for a day is told at once', () => {
    expect(
      refusalText({ endpoint, refusing: { message, sinceMs: 0 }, pausedMs: 86_400_000 }, nowMs),
    ).toBeDefined();
  });

  it('for a moment is daily business', () => {
    expect(
      refusalText({ endpoint, refusing: { message, sinceMs: 900 }, pausedMs: 1_000 }, nowMs),
    ).toBeUndefined();
    expect(refusalText({ endpoint, refusing: undefined, pausedMs: 60_000 }, nowMs)).toBeUndefined();
  });
});
