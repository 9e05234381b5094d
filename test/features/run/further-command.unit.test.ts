import { describe, expect, it } from 'vitest';
import { furtherCommand } from '../../../src/features/run/further-command.ts';

const needed = { tokens: 5_120, costUsd: 0.00123 };

describe('a command whose budget has no room for one call', () => {
  it.each([
    [
      'in place of the limit that was given',
      ['run', 'q.jsonl', '--max-cost', '0.0001', '--json'],
      ['run', 'q.jsonl', '--max-cost', '0.0013', '--json'],
    ],
    ['in one word', ['run', '--max-cost=0.0001', 'q.jsonl'], ['run', '--max-cost=0.0013', 'q.jsonl']],
    ['where the limit is a setting', ['run', 'q.jsonl'], ['run', 'q.jsonl', '--max-cost', '0.0013']],
  ])('goes on with room for it, %s', (_, given, words) => {
    expect(furtherCommand(given, { scope: 'run', limit: { costUsd: 0.0001 }, needed })).toEqual(words);
  });

  it('names tokens where they are limited, of the day where it is the day, and leaves alone what has room', () => {
    expect(furtherCommand(['run'], { scope: 'day', limit: { tokens: 10, costUsd: 1 }, needed })).toEqual([
      ...['run', '--max-tokens-per-day', '5200'],
    ]);
  });
});
