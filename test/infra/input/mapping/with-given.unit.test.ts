import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { From } from '../../../../src/infra/input/mapping/meant.ts';
import { RowMapper } from '../../../../src/infra/input/mapping/row-mapper.ts';
import { loadChecksFor } from '../../../../src/infra/input/mapping/with-given.ts';
import { registerPlugin } from '../../../../src/infra/plugins/register.ts';
import { defineTrainingType } from '../../../../src/stages/training-types/training-type.ts';
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

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const tool = { role: 'tool', tool_call_id: '1', content: 'Rain.' };
const calling = {
  ...assistant('I look.'),
  tool_calls: [{ id: '1', function: { name: 'f', arguments: '{}' } }],
};
const ofTools = { training_type: 'tool-calls', tools: [{ name: 'f' }] };

describe('answers of which an example would hold a part only', () => {
  it('are no pair where they answer another question than the first', () => {
    const dialogue = (letter: string) => [
      assistant(`${letter}1`),
      user('And then?'),
      assistant(`${letter}2`),
    ];
    const rows = { prompt: 'Why?', chosen: dialogue('a'), rejected: dialogue('b') };
    expect(read('pair', rows)).toBe('chosen: expected one answer, came 3 messages');
    expect(read('pair', { ...rows, chosen: 'So.' })).toBe('rejected: expected one answer, came 3 messages');
    expect(read('pair', { ...rows, chosen: [calling] })).toBe(
      'chosen: it calls tools, which no pair can hold',
    );
  });

  it.each([
    ['user as message 3', [assistant('So.'), user('And?'), user('Well?'), assistant('Thus.')]],
    [
      'system as message 1',
      [{ role: 'system', content: 'Be nice.' }, assistant('So.'), user('And?'), assistant('Thus.')],
    ],
    ['assistant as message 2', [assistant('So.'), assistant('Or so.'), user('And?'), assistant('Thus.')]],
  ])('are no conversation: %s', (came, messages) => {
    const row = { messages: [user('Why?'), ...messages] };
    expect(read('answer', row, { as: 'conversation' })).toContain(`in turns, came ${came}`);
  });

  it('are not taken without the calls that they make', () => {
    const said = 'the answer calls tools, which no';
    expect(read('answer', { messages: [user('Rain?'), calling] })).toContain(`${said} sft example can hold`);
    const row = { messages: [user('Rain?'), calling, tool, assistant('Yes.')] };
    expect(read('answer', row)).toContain(`${said} sft example can hold`);
    expect(read('answer', row, { as: 'conversation' })).toContain(`${said} conversation example can hold`);
    expect(read('answer', { ...ofTools, ...row })).toMatchObject({
      given: { candidate: { steps: [{ calls: [{ name: 'f', result: 'Rain.' }] }], answer: 'Yes.' } },
    });
  });

  it.each([
    ['of the assistant', [calling, tool, assistant('Rain.'), assistant('Yes.')]],
    ['of the assistant', [calling, tool, assistant('Yes.'), user('And snow?'), assistant('No.')]],
    ['after the calls', [calling]],
  ])('are no calls of tools with more around them: %s', (said, messages) => {
    const row = { ...ofTools, messages: [user('Rain?'), ...messages] };
    expect(read('answer', row, { as: 'conversation' })).toContain(said);
  });
});

it('an answer that a type of somebody throws at is a bad entry, and the input goes on', () => {
  const type = defineTrainingType({
    ...{
      name: 'thrower',
      description: 'throws',
      candidate: z.object({ answer: z.string() }),
      instructions: 'Write.',
    },
    present: ({ answer }) => answer,
    turns: () => [],
    fromAnswer: () => expect.fail('no such answer'),
  });
  const { undo } = registerPlugin({ name: '@me/thrower', version: '1.0.0', trainingTypes: [type] });
  onTestFinished(undo);
  const types = { trainingTypes: [...options.trainingTypes, 'thrower'] };
  const row = { ...alpaca, training_type: 'thrower' };
  expect(read('answer', row, types)).toMatch(/^the answer does not fit: .*no such answer/);
});

describe('what a row of others has beside its answer', () => {
  it('is kept: a second answer, and an input that asks nothing', () => {
    expect(read('answer', { ...alpaca, response: 'Another.' })).toMatchObject({
      given: { candidate: { answer: 'Air scatters blue light.' } },
      metadata: { response: 'Another.' },
    });
    expect(read('pair', { ...pair, input: 'notes' })).toMatchObject({ metadata: { input: 'notes' } });
  });

  it.each(['instruction', 'prompt'])('is said where it is no answer: %s', (name) => {
    expect(read('question', { [name]: 'Why?', output: { a: 1 } })).toBe(
      'output: expected text or messages, came an object',
    );
    expect(read('answer', { [name]: 'How many?', output: 42 })).toMatchObject({
      given: { candidate: { answer: '42' } },
    });
  });
});

describe('--reference answer', () => {
  const reference = { reference: 'answer' };

  it('takes what the assistant says last', () => {
    const messages = [user('Rain?'), calling, tool, assistant('Yes.')];
    expect(read('question', { messages }, reference)).toMatchObject({ reference: 'Yes.' });
  });

  it.each([
    ['a result of a tool', {}, [calling, tool]],
    [
      'the answer to a later question',
      { as: 'conversation' },
      [assistant('So.'), user('And?'), assistant('Thus.')],
    ],
  ])('holds no question against %s', (_, more, messages) => {
    const row = { messages: [user('Why?'), ...messages] };
    expect(read('question', row, { ...reference, ...more })).not.toHaveProperty('reference');
  });
});

it('calls that do not fit the tools of their row are a bad line that says which', async () => {
  await loadChecksFor('answer', 'sft');
  const schema = { type: 'object', properties: { unit: { enum: ['C', 'F'] } }, required: ['unit'] };
  const row = (name: string, values: object) => ({
    tools: [{ type: 'function', function: { name: 'weather', parameters: schema } }],
    messages: [
      { role: 'user', content: 'Is it warm in Rome?' },
      {
        ...{ role: 'assistant', content: '' },
        tool_calls: [{ id: 'c', type: 'function', function: { name, arguments: JSON.stringify(values) } }],
      },
      { role: 'tool', tool_call_id: 'c', content: '31' },
      { role: 'assistant', content: 'Yes.' },
    ],
  });
  const asCalls = { defaults: { ...options.defaults, trainingType: 'tool-calls' } };
  expect(read('answer', row('weather', { unit: 'C' }), asCalls)).toMatchObject({ given: {} });
  expect(read('answer', row('weather', { unit: 'K' }), asCalls)).toBe(
    'a call does not fit the tools: call 1 (weather): unit must be one of C, F',
  );
  expect(read('answer', row('rain', {}), asCalls)).toBe(
    'a call does not fit the tools: call 1 (rain): there is no such tool: the tools are weather',
  );
});
