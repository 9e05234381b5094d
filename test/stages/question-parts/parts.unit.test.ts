import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, questionsMessage, researchMessage, versionFor } from '../../../src/stages/message.ts';
import { questionIdOf, questionSchema } from '../../../src/stages/question.ts';
import { givenHash } from '../../../src/stages/question-parts/parts.ts';
import { questionsStage } from '../../../src/stages/questions/stage.ts';
import type { QuestionStored } from '../../../src/stages/store/store.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { nextRecord, questionOf, recordWith, topics } from '../../support/stage/stage-fixtures.ts';
import { finished } from '../../support/stage/work.ts';

const weather = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const answer = { answer: 'Because air scatters blue light.' };
const parts = {
  system: 'Answer in one sentence.',
  tools: [weather],
  history: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Good day' },
  ],
  passages: ['Air scatters blue light.', { id: 'p2', title: 'Optics', text: 'Rayleigh.' }],
  fields: { level: 'school' },
  given: { sha256: givenHash(answer), candidate: answer },
};
type Name = keyof typeof parts;
const names = Object.keys(parts) as readonly Name[];
const asked = (more: object) => questionSchema.parse({ ...questionOf(), ...more });
const reasonOf = (more: object) =>
  questionSchema.safeParse({ ...questionOf(), ...more }).error?.issues[0]?.message;

describe('the parts of a question', () => {
  it.each(names)('tell it apart by its %s', (name) => {
    expect(questionIdOf(asked({ [name]: parts[name] }))).not.toBe(questionIdOf(questionOf()));
  });

  it('leave its id and its bytes as they are where they are empty', () => {
    const empty = asked({ system: ' ', tools: [], history: [], passages: [], fields: {}, reference: '' });
    expect(questionIdOf(empty)).toBe(questionIdOf(questionOf()));
    expect(JSON.stringify(empty)).toBe(JSON.stringify(questionOf()));
    expect(versionFor(empty)).toBe(1);
  });

  it('make the same id in whatever order their names come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...names], { minLength: names.length }), (order) => {
        const shuffled = Object.fromEntries(order.map((name) => [name, parts[name]]));
        expect(questionIdOf(asked(shuffled))).toBe(questionIdOf(asked(parts)));
      }),
    );
    const one = asked({ tools: [{ parameters: weather.parameters, name: 'weather' }] });
    expect(questionIdOf(one)).toBe(questionIdOf(asked({ tools: [weather] })));
  });

  it('make the same id before and after the brought answer has been left behind', () => {
    const { sha256 } = parts.given;
    expect(questionIdOf(asked({ given: { sha256 } }))).toBe(questionIdOf(asked({ given: parts.given })));
    expect(reasonOf({ given: { sha256, candidate: 'another' } })).toBe(
      'the hash is not that of the candidate',
    );
  });

  it('do not count their letter case in a system prompt, as in the text', () => {
    const [one, two] = ['Be  brief.', 'be brief.'].map((system) => questionIdOf(asked({ system })));
    expect(one).toBe(two);
  });

  it('have a reference that does not tell questions apart', () => {
    expect(questionIdOf(asked({ reference: 'Rayleigh.' }))).toBe(questionIdOf(questionOf()));
  });

  it('are found again after they travelled as a record, and travel as version 2', () => {
    const question = asked({ ...parts, reference: 'Rayleigh.' });
    const v = versionFor(question);
    expect(v).toBe(2);
    const read = decodeMessage(researchMessage, recordWith({ v, question }));
    expect(read.question).toEqual(question);
    expect(questionIdOf(read.question)).toBe(questionIdOf(question));
  });

  it.each([{ system: 'Be brief.' }, { reference: 'Rayleigh.' }])(
    'of a stranger go on as version 2: %j',
    (more) => {
      const store = Object.assign(new FakeWorkStore<QuestionStored>(), { accept: async () => undefined });
      const stage = questionsStage(topics, store);
      const message = stage.decode(recordWith({ v: 1, question: questionOf(more) }));
      const record = nextRecord(stage.decide(message, finished({ stored: true })));
      expect(decodeMessage(researchMessage, record)).toMatchObject({ v: 2, question: more });
    },
  );

  it('keep the digits of numbers that JavaScript would round', () => {
    const { value, ...record } = recordWith({ v: 1, question: { ...questionOf(), fields: { tweet: 0 } } });
    const store = Object.assign(new FakeWorkStore<QuestionStored>(), { accept: async () => undefined });
    const text = String(value).replace('"tweet":0', '"tweet":1234567890123456789');
    const read = questionsStage(topics, store).decode({ ...record, value: text });
    expect(read.question.fields).toEqual({ tweet: '1234567890123456789' });
    expect(
      questionsMessage.safeParse({ v: 1, question: { ...questionOf(), system: '\ud83d' } }).success,
    ).toBe(false);
  });
});

describe('tools', () => {
  it('are taken as OpenAI writes them, as bare functions, and as the text of their JSON', () => {
    const whole = [{ type: 'function', function: weather }];
    for (const tools of [whole, [weather], JSON.stringify(whole), JSON.stringify([weather])])
      expect(asked({ tools }).tools).toEqual(whole);
  });

  it.each([
    ['have no name', [{ parameters: {} }]],
    ['have one name twice', [weather, weather]],
    ['are too many', Array.from({ length: 65 }, (_, index) => ({ name: `t${index}` }))],
    ['are too long', [{ name: 't', description: 'x'.repeat(70_000) }]],
    ['are no list', 'weather'],
  ])('are refused where they %s', (_, tools) => {
    expect(reasonOf({ tools })).toBeDefined();
  });
});

describe('what was said before', () => {
  const user = { role: 'user', content: 'And in Rome?' };
  const bot = { role: 'assistant', content: 'Sunny.' };

  it('may hold calls of tools, whose missing names are filled in by their order', () => {
    const called = {
      role: 'assistant',
      tool_calls: [{ function: { name: 'weather', arguments: { city: 'Rome' } } }],
    };
    const result = { role: 'tool', content: '{"sky":"clear"}', name: 'weather' };
    expect(asked({ history: [user, called, result, bot] }).history).toEqual([
      user,
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' }],
      },
      { ...result, tool_call_id: 'call_1' },
      bot,
    ]);
  });

  it.each([
    [[bot], 'message 1: expected user, came assistant'],
    [[user, user], 'message 2: expected assistant, came user'],
    [[user], 'expected the last message to be an answer of the assistant: the question follows it'],
    [[user, { role: 'tool', content: 'x' }], 'message 2: expected assistant, came tool'],
    [[user, { ...bot, content: ' ' }], 'message 2: expected a text, came none'],
  ])('is refused where it is no whole turns: %j', (history, reason) => {
    expect(reasonOf({ history })).toBe(reason);
  });
});

describe('fields', () => {
  it('have names that a prompt can use, and short values', () => {
    expect(reasonOf({ fields: { 'a b': 1 } })).toBeDefined();
    expect(reasonOf({ fields: { long: 'x'.repeat(4_001) } })).toContain('at most 4,000 characters');
    expect(
      reasonOf({ fields: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`f${n}`, n])) }),
    ).toContain('32');
  });
});
