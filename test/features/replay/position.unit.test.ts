import { describe, expect, it } from 'vitest';
import { parsePosition, positionText } from '../../../src/features/replay/position.ts';
import { failureOf } from '../../support/failure-of.ts';

const parse = (text: string) => parsePosition('--from', text);

describe('a place in a topic', () => {
  it.each([
    ['beginning', { kind: 'beginning' }],
    ['end', { kind: 'end' }],
    ['1200', { kind: 'offset', offset: 1_200n }],
    [
      '3:800,0:1200',
      {
        kind: 'offsets',
        offsets: new Map([
          [0, 1_200n],
          [3, 800n],
        ]),
      },
    ],
    ['2026-11-01T00:00Z', { kind: 'time', atMs: Date.UTC(2026, 10, 1) }],
    ['2026-11-01T01:30:00.5+01:30', { kind: 'time', atMs: Date.UTC(2026, 10, 1) + 500 }],
    ['2026-11-01', { kind: 'time', atMs: Date.UTC(2026, 10, 1) }],
  ])('is read from %s', (text, position) => {
    expect(parse(text)).toEqual(position);
  });

  it.each([
    ['2026-11-01T00:00Z', '2026-11-01'],
    ['0:1,3:8', '3:8,0:1'],
    ['0012', '12'],
  ])('is the same written as %s and as %s', (one, other) => {
    expect(positionText(parse(one))).toBe(positionText(parse(other)));
    expect(parse(positionText(parse(one)))).toEqual(parse(one));
  });

  it.each(['', 'noon', '-1', '1.5', '0:', '2026-11-01T00:00', '2026-13-01', '99999999999999999999'])(
    'is not %j, and the failure says what was expected',
    async (text) => {
      const failure = await failureOf(async () => parse(text));
      expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_replay' });
      expect(failure.message).toContain('--from: expected beginning, end, an offset (1200)');
    },
  );
});
