import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, keyOf, withTexts } from '../../web/src/features/review/desk/candidate-fields.ts';

const text = fc.string({ minLength: 1 });
const candidates = fc.oneof(
  fc.record({ prompt: text, answer: text }),
  fc.record({ prompt: text, chosen: text, rejected: text }),
  fc.record({ turns: fc.array(fc.record({ user: text, assistant: text }), { minLength: 1, maxLength: 5 }) }),
);

describe('the fields of a candidate', () => {
  it('are its texts in their order, named as people name them', () => {
    const turns = [
      { user: 'a', assistant: 'b' },
      { user: 'c', assistant: 'd' },
    ];
    expect(fieldsOf({ turns })?.map((field) => [field.label, field.text])).toEqual([
      ['User, turn 1', 'a'],
      ['Assistant, turn 1', 'b'],
      ['User, turn 2', 'c'],
      ['Assistant, turn 2', 'd'],
    ]);
  });

  it('are none where a candidate holds more than texts, so that nothing is lost', () => {
    expect(fieldsOf({ prompt: 'a', tools: [{ name: 'b', retries: 2 }] })).toBeUndefined();
    expect(fieldsOf('a')).toBeUndefined();
    expect(fieldsOf({})).toBeUndefined();
  });

  it('put back unchanged make the same candidate', () => {
    fc.assert(
      fc.property(candidates, (candidate) => {
        const texts = new Map(fieldsOf(candidate)?.map((field) => [keyOf(field.path), field.text]));
        expect(withTexts(candidate, texts)).toEqual(candidate);
      }),
    );
  });

  it('change one text and no other', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), text, (candidate, place, written) => {
        const before = fieldsOf(candidate) ?? [];
        const changed = place % before.length;
        const texts = new Map(before.slice(changed, changed + 1).map(({ path }) => [keyOf(path), written]));
        const after = fieldsOf(withTexts(candidate, texts)) ?? [];
        expect(after.map((field) => field.text)).toEqual(
          before.map((field, index) => (index === changed ? written : field.text)),
        );
      }),
    );
  });
});
