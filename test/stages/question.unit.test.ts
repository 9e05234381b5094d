import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Question, questionIdOf, questionSchema } from '../../src/stages/question.ts';
import { questionOf } from '../support/stage/stage-fixtures.ts';
import { goldenQuestions } from './golden-questions.ts';

const word = fc.stringMatching(/^[a-zA-Z0-9äöüéñ日本?!.,'"{}-]{1,8}$/);
const words = fc.array(word, { minLength: 1, maxLength: 8 });
const space = fc.stringMatching(/^[ \t\n\r\u00a0\u2003]{1,4}$/);
const fields = ['text', 'context', 'topic', 'subTopic', 'trainingType'] as const;

describe('the id of a question', () => {
  it('does not depend on white space', () => {
    fc.assert(
      fc.property(words, space, fc.constantFrom(...fields), (some, gap, field) => {
        const plain = questionOf({ [field]: some.join(' ') });
        const spaced = questionOf({ [field]: `${gap}${some.join(gap)}${gap}` });
        expect(questionIdOf(spaced)).toBe(questionIdOf(plain));
      }),
    );
  });

  it('does not depend on the case of letters', () => {
    fc.assert(
      fc.property(words, (some) => {
        const text = some.join(' ');
        const [lower, upper] = [text.toLowerCase(), text.toUpperCase()];
        expect(questionIdOf(questionOf({ text: upper }))).toBe(questionIdOf(questionOf({ text: lower })));
      }),
    );
  });

  it('does not depend on how a letter with an accent is composed', () => {
    const composed = questionOf({ text: 'caf\u00e9' });
    expect(questionIdOf(questionOf({ text: 'cafe\u0301' }))).toBe(questionIdOf(composed));
  });

  it.each(fields)('depends on its %s', (field) => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [one, two] = [a.join(' ').toLowerCase(), b.join(' ').toLowerCase()];
        fc.pre(one.normalize('NFC') !== two.normalize('NFC'));
        const id = (value: string) => questionIdOf(questionOf({ [field]: value }));
        expect(id(one)).not.toBe(id(two));
      }),
    );
  });

  it('keeps its fields apart', () => {
    const a = questionOf({ text: 'a', context: 'b c' });
    const b = questionOf({ text: 'a b', context: 'c' });
    expect(questionIdOf(a)).not.toBe(questionIdOf(b));
  });

  it('keeps words apart from one word', () => {
    const [one, two] = ['black bird', 'blackbird'].map((text) => questionIdOf(questionOf({ text })));
    expect(one).not.toBe(two);
  });

  it('stays what it is in every release: stored results are found by it', () => {
    expect(questionIdOf(questionOf())).toBe('895b42557f132a28bf66193e');
    expect(questionIdOf(questionOf({ text: ' ÜBER  ', context: 'x\ny' }))).toBe('bbd470d8463a1e35f372a1d0');
  });

  it('of a thousand questions is what it was in 0.1.0, and so is what is stored of them', () => {
    const questions = goldenQuestions(1_000);
    const sha256 = (text: string) => hash('sha256', text, 'hex');
    expect(sha256(questions.map(questionIdOf).join('\n'))).toBe(
      'f5e1208bfae1b62936d56f20ecafa3d31ea27de46deaa1d441483dc6ae739dd5',
    );
    expect(sha256(JSON.stringify(questions))).toBe(
      '7bc25522c032baee6b387094b3da0a3b961d4441474dbc84c2df3f199552ddc0',
    );
  });
});

describe('a question', () => {
  it('is trimmed, and may leave out its context and labels', () => {
    const parsed = questionSchema.parse({ text: ' Why? ', trainingType: 'sft' });
    const expected: Question = { text: 'Why?', context: '', topic: '', subTopic: '', trainingType: 'sft' };
    expect(parsed).toEqual(expected);
  });

  it.each([
    ['is empty', { text: ' \n ' }],
    ['is too long', { text: 'x'.repeat(20_001) }],
    ['has too long a context', { context: 'x'.repeat(400_001) }],
    ['has too long a topic', { topic: 'x'.repeat(201) }],
    ['names no training type', { trainingType: ' ' }],
  ])('is refused where it %s', (_, overrides) => {
    expect(questionSchema.safeParse(questionOf(overrides)).success).toBe(false);
  });
});
