import { describe, expect, it } from 'vitest';
import {
  citedRightly,
  citingShape,
  quotesIn,
  unmarked,
  withoutMarks,
} from '../../../src/stages/evidence/citing.ts';
import { evidenceText } from '../../../src/stages/evidence/shown.ts';
import { exampleOf, lookedUp, questionOf } from '../../../src/testing/store/fixtures.ts';

const done = (answer: string) => ({
  result: { answer },
  ...{ model: 'm', recipe: 'r', usage: { input: 1, output: 1, cached: 0, reasoning: 0 } },
  ...{ costUsd: 0, finishReason: 'stop', reply: answer },
});

describe('marks of quotes', () => {
  it('are those of the list, and one stands', () => {
    expect(citedRightly(done('Stop it [e1]. Call us [e2].'), 2)).toEqual(done('Stop it [e1]. Call us [e2].'));
    expect(citedRightly(done('No quote, no mark.'), 0)).toEqual(done('No quote, no mark.'));
  });

  it.each([
    ['Stop it.', 1, 'No statement is marked: set the marks of the quotes that prove them, [e1].'],
    ['Stop it [e3].', 2, 'There is no quote [e3]: the marks are [e1] to [e2].'],
    ['Stop it [e1] [e0].', 2, 'There is no quote [e0]: the marks are [e1] to [e2].'],
  ])('that are none are told to the model: %s', (answer, quotes, message) => {
    expect(() => citedRightly(done(answer), quotes)).toThrow(
      expect.objectContaining({ kind: 'content', code: 'bad_citation', message }),
    );
  });

  it('are shown before the quotes only where they are asked for', () => {
    expect(evidenceText(lookedUp.evidence)).toMatch(/^- for key point 1/);
    expect(evidenceText(lookedUp.evidence, true)).toMatch(/^- \[e1\] for key point 1/);
  });

  it('leave a text with their space, wherever it stands, and nothing else does', () => {
    expect(unmarked({ turns: [{ say: 'Stop it [e1]. Keep [e9] and [x].' }], n: 1, none: null }, 2)).toEqual({
      turns: [{ say: 'Stop it. Keep [e9] and [x].' }],
      n: 1,
      none: null,
    });
    const plain = exampleOf(questionOf(), { candidate: { answer: 'An array [e1].' } });
    expect(withoutMarks(plain)).toBe(plain);
    expect(withoutMarks({ ...plain, research: lookedUp }).candidate).toEqual({ answer: 'An array.' });
  });

  it('are checked by a later process as well: the shape of an answer says how many there are', () => {
    expect(quotesIn(citingShape('sft verbatim', 3))).toEqual({ shape: 'sft verbatim', quotes: 3 });
    expect(quotesIn(citingShape('sft', undefined))).toEqual({ shape: 'sft', quotes: 0 });
  });
});
