import { describe, expect, it } from 'vitest';
import {
  cameWords,
  priceOfWorks,
  priceWords,
  sumWords,
} from '../../web/src/features/questions/step-words.ts';

const came = { outcome: 'ok', calls: [], pieceCount: 0, cached: false, last: false };
const calls = [{ tool: 'search_documents', args: '{}' }];

describe('the steps of research in words', () => {
  it('are summed up in one line, and what has no known price is not passed off as free', () => {
    const search = { kind: 'search', durationMs: 200, costUsd: 0 } as const;
    const turn = { kind: 'turn', durationMs: 900, costUsd: 0.01 } as const;
    const lookUp = { kind: 'result', durationMs: 100, costUsd: null } as const;
    expect(sumWords([search, turn])).toBe('1 search, 1 turn · 1.1 s · $0.0100');
    expect(sumWords([turn, lookUp, lookUp, turn], 3)).toBe(
      '2 turns, 2 look-ups, 3 steps not shown · 2.0 s · $0.0200 and 2 steps of unknown price',
    );
    expect(priceWords(null)).toBe('price unknown');
    expect(priceWords(0)).toBe('$0.00');
  });

  it('add up to what a question cost: calls and look-ups, and what has no known price beside them', () => {
    const turn = { kind: 'turn', durationMs: 9, costUsd: 0.01 } as const;
    const lookUp = { kind: 'result', durationMs: 9, costUsd: 0.005 } as const;
    const research = { costUsd: 0.015, attempts: [turn], steps: [turn, lookUp] };
    expect(priceOfWorks([research, { costUsd: 0.02, attempts: [{ costUsd: 0.02 }] }])).toBe('$0.0350');
    const unpriced = { ...research, costUsd: null, attempts: [{ costUsd: null }] };
    expect(priceOfWorks([unpriced])).toBe('$0.0050 and 1 call of unknown price');
    expect(priceOfWorks([{ ...research, costUsd: 0.5 }])).toBe('$0.5000');
  });

  it.each([
    [{ outcome: 'calls', calls }, 'asks for search_documents'],
    [{ outcome: 'answer', last: true }, 'answers, the last turn'],
    [{ outcome: 'unusable', code: 'unknown_piece' }, 'unusable/unknown_piece'],
    [{ pieceCount: 1 }, '1 piece'],
    [{ pieceCount: 5, cached: true }, '5 pieces, kept from before'],
    [{}, 'no pieces'],
    [{ outcome: 'refused', code: 'bad_args' }, 'refused/bad_args'],
  ])('say of %j: %s', (step, words) => {
    expect(cameWords({ ...came, ...step })).toBe(words);
  });
});
