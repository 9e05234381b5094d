import { describe, expect, it } from 'vitest';
import type { From } from '../../../../src/infra/input/mapping/meant.ts';
import { RowMapper } from '../../../../src/infra/input/mapping/row-mapper.ts';
import { options } from '../reading.ts';

/** What the rows mean where their answers are for this. */
function read(from: From, value: object, more: object = {}) {
  const mapper = new RowMapper('rows', { ...options, ...more, from });
  const row = { kind: 'row' as const, entry: { line: 1, label: '', text: '{…}' }, value };
  const [entry] = [...mapper.push(row), ...mapper.end()];
  return entry?.kind === 'question' ? { ...entry.question, metadata: entry.metadata } : entry?.reason;
}

const alpaca = { instruction: 'Why is the sky blue?', input: '', output: ' Air scatters blue light. ' };
const pair = {
  prompt: 'Is glass a liquid?',
  chosen: 'No: an amorphous solid.',
  rejected: 'Yes, a slow one.',
};

describe('rows with answers', () => {
  it('are judged by their answers where these are to be kept: the answer is the candidate', () => {
    expect(read('answer', alpaca)).toMatchObject({
      text: 'Why is the sky blue?',
      trainingType: 'sft',
      given: {
        candidate: { answer: 'Air scatters blue light.' },
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      metadata: undefined,
    });
  });

  it('become pairs of their two answers, or of the chosen one an answer', () => {
    const { chosen, rejected } = pair;
    expect(read('pair', pair)).toMatchObject({
      trainingType: 'dpo',
      given: { candidate: { chosen, rejected } },
    });
    expect(read('answer', pair)).toMatchObject({
      trainingType: 'sft',
      given: { candidate: { answer: chosen } },
    });
  });

  it('give a thought in tags its place', () => {
    const row = { ...alpaca, output: '<think>Short waves scatter.</think>\nScattering.' };
    expect(
      read('answer', row, { defaults: { ...options.defaults, trainingType: 'reasoning' } }),
    ).toMatchObject({
      given: { candidate: { reasoning: 'Short waves scatter.', answer: 'Scattering.' } },
    });
  });

  it('are whole conversations where they are read so', () => {
    const messages = ['Hello?', 'Good day.', 'And now?', 'Nothing.'].map((content, index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content,
    }));
    expect(read('answer', { messages }, { as: 'conversation' })).toMatchObject({
      text: 'Hello?',
      trainingType: 'conversation',
      given: { candidate: { answer: 'Good day.', turns: [{ user: 'And now?', assistant: 'Nothing.' }] } },
    });
  });

  it('have an own field for it beside a question', () => {
    expect(read('answer', { question: 'Why?', answer: 'So.', source: 'book' })).toMatchObject({
      given: { candidate: { answer: 'So.' } },
      metadata: { source: 'book' },
    });
  });

  it.each<[string, From, object, RegExp]>([
    [
      'hold none',
      'answer',
      { question: 'Why?' },
      /expected an answer to judge, came none \(--from question asks it\)/,
    ],
    ['hold one where two are meant', 'pair', alpaca, /came no pair/],
    [
      'hold two that look the same',
      'pair',
      { ...pair, rejected: pair.chosen },
      /does not fit.*the same text/,
    ],
    [
      'hold a thought that is missing',
      'answer',
      { ...alpaca, training_type: 'reasoning' },
      /does not fit.*reasoning/,
    ],
  ])('say why where they %s', (_, from, row, reason) => {
    expect(read(from, row)).toMatch(reason);
  });
});
