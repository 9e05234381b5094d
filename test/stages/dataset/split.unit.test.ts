import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSplit, partOf, SPLIT_NAMES, type Split } from '../../../src/stages/dataset/split.ts';
import { Failure } from '../../../src/streams/failure.ts';

const share = fc.double({ min: 0.01, max: 1_000, noNaN: true });
const anySplit: fc.Arbitrary<Split> = fc.tuple(share, share, share).map(([a, b, c]) => [
  ['train', a],
  ['validation', b],
  ['test', c],
]);

describe('the part of a question', () => {
  it('is one of the parts, and always the same: the parts are a partition', () => {
    fc.assert(
      fc.property(anySplit, fc.string(), (split, id) => {
        const part = partOf(split, id);
        expect(split.map(([name]) => name)).toContain(part);
        expect(partOf(split, id)).toBe(part);
      }),
    );
  });

  it('does not change when other questions come, nor with the sum of the shares', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `question-${index}`);
    const percent = ids.map((id) => partOf(parseSplit('90/5/5'), id));
    const relative = ids.slice(0, 250).map((id) => partOf(parseSplit('18/1/1'), id));
    expect(relative).toEqual(percent.slice(0, 250));
  });

  it('stays in training when the other parts are cut anew', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 19 }), (id, validation) => {
        const coarse = partOf(parseSplit('80/20'), id);
        const fine = partOf(parseSplit(`80/${validation}/${20 - validation}`), id);
        expect(fine === 'train').toBe(coarse === 'train');
      }),
    );
  });

  it('comes as often as its share says', () => {
    const counts = new Map(SPLIT_NAMES.map((name) => [name, 0]));
    for (let index = 0; index < 20_000; index += 1) {
      const part = partOf(parseSplit('90/5/5'), `question-${index}`);
      counts.set(part, (counts.get(part) ?? 0) + 1);
    }
    expect((counts.get('train') ?? 0) / 20_000).toBeCloseTo(0.9, 1);
    expect((counts.get('validation') ?? 0) / 20_000).toBeCloseTo(0.05, 1);
  });

  it('is known for ever: a change here would leak training data into tests', () => {
    const parts = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => partOf(parseSplit('50/25/25'), id));
    expect(parts).toMatchInlineSnapshot(`
      [
        "train",
        "validation",
        "test",
        "train",
        "validation",
        "test",
      ]
    `);
  });
});

describe('--split', () => {
  it.each<[string, Split]>([
    [
      '90/5/5',
      [
        ['train', 90],
        ['validation', 5],
        ['test', 5],
      ],
    ],
    [
      '90/10',
      [
        ['train', 90],
        ['test', 10],
      ],
    ],
    [
      'test=1,train=9',
      [
        ['train', 9],
        ['test', 1],
      ],
    ],
  ])('reads %s', (text, split) => {
    expect(parseSplit(text)).toEqual(split);
  });

  it.each(['', '90', '1/2/3/4', '90/0', '90/-1', 'train=1', 'train=1,train=2', 'train=1,dev=2', 'a/b'])(
    'refuses %j and says what was expected',
    (text) => {
      expect(() => parseSplit(text)).toThrow(Failure);
      expect(() => parseSplit(text)).toThrow(/expected shares such as 90\/5\/5/u);
    },
  );
});
