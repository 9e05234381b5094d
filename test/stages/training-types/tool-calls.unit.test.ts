import { describe, expect, it } from 'vitest';
import { generationStage } from '../../../src/stages/generation/stage.ts';
import { givenHash } from '../../../src/stages/question-parts/parts.ts';
import { callCheckOf, calledRightly } from '../../../src/stages/training-types/called-tools.ts';
import { shapeNamed, shapeNameOf } from '../../../src/stages/training-types/index.ts';
import { sft } from '../../../src/stages/training-types/sft.ts';
import { toolCalls } from '../../../src/stages/training-types/tool-calls.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  earlier,
  firstAttempt,
  laneOf,
  lanesOf,
  questionOf,
  recipes,
  recordWith,
  research,
  topics,
} from '../../support/stage/stage-fixtures.ts';

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { enum: ['C', 'F'] } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};
const now = { type: 'function' as const, function: { name: 'now' } };
const tools = [weather, now];
const question = questionOf({ text: 'How warm is it in Oslo?', trainingType: 'tool-calls', tools });

const called = (name: string, values: string, result = '21') => ({ name, arguments: values, result });
const candidateOf = (...calls: ReturnType<typeof called>[]) => ({
  steps: [{ calls }],
  answer: 'It is 21 °C.',
});
const good = candidateOf(called('get_weather', '{"city":"Oslo"}'));

describe('the calls of a candidate', () => {
  it.each([
    [
      'of a tool that is not there',
      called('get_wether', '{}'),
      'no such tool: the tools are get_weather, now',
    ],
    ['with arguments that are no JSON', called('get_weather', 'Oslo'), 'the text of one JSON object'],
    ['with a list of arguments', called('get_weather', '["Oslo"]'), 'the text of one JSON object'],
    ['without what is required', called('get_weather', '{}'), "must have required property 'city'"],
    ['with another value', called('get_weather', '{"city":"Oslo","unit":"K"}'), 'unit must be one of C, F'],
    ['with arguments of a tool that has none', called('now', '{"zone":"CET"}'), 'must not have "zone"'],
    [
      'nested too deep',
      called('get_weather', `{"city":${'['.repeat(40)}${']'.repeat(40)}}`),
      'nested deeper',
    ],
  ])('are refused with words: one %s', async (_, call, told) => {
    const fault = (await callCheckOf(toolCalls, tools))(candidateOf(call));
    expect(fault).toContain(`call 1 (${call.name}): `);
    expect(fault).toContain(told);
  });

  it('fit where each has a name and arguments of its tool', async () => {
    const check = await callCheckOf(toolCalls, tools);
    expect(check(candidateOf(called('get_weather', '{"city":"Oslo"}'), called('now', '{}')))).toBeUndefined();
  });

  it('cannot be checked, and so are not asked for, without tools or with parameters that are no schema', async () => {
    expect(await failureOf(() => callCheckOf(toolCalls, undefined))).toMatchObject({
      kind: 'poison',
      code: 'no_tools',
    });
    const bad = { ...now, function: { name: 'now', parameters: { type: 'moment' } } };
    const failure = await failureOf(() => callCheckOf(toolCalls, [bad]));
    expect(failure).toMatchObject({ kind: 'poison', code: 'bad_tools' });
    expect(failure.message).toContain('The parameters of the tool now cannot be used: it is no JSON schema');
  });

  it('are no matter of types without calls', async () => {
    expect((await callCheckOf(sft, undefined))({ answer: 'x' })).toBeUndefined();
  });
});

describe('the type tool-calls', () => {
  const two = {
    steps: [
      { calls: [called('now', '{}', '12:00'), called('get_weather', '{"city":"Oslo"}')] },
      { calls: [called('get_weather', '{"city":"Oslo","unit":"F"}', '70')] },
    ],
    answer: 'It is 21 °C, or 70 °F.',
  };

  it('says calls and results between the question and the answer, those of one step in one message', () => {
    const [turn] = toolCalls.parse(two, question).turns();
    expect(turn).toMatchObject({ user: question.text, assistant: two.answer });
    expect(
      turn?.steps?.map(({ role, tool_calls = [], tool_call_id = '' }) => [
        role,
        tool_calls.length,
        tool_call_id,
      ]),
    ).toEqual([
      ['assistant', 2, ''],
      ['tool', 0, 'call00001'],
      ['tool', 0, 'call00002'],
      ['assistant', 1, ''],
      ['tool', 0, 'call00003'],
    ]);
  });

  it('gives its calls ids that no earlier message has', () => {
    const history = [
      { role: 'user' as const, content: 'And now?' },
      {
        role: 'assistant' as const,
        content: '',
        tool_calls: [{ id: 'call00001', name: 'now', arguments: '{}' }],
      },
    ];
    const [turn] = toolCalls.parse(good, { ...question, history }).turns();
    expect(turn?.steps?.[1]?.tool_call_id).toBe('call00002');
  });

  it('shows the judge each call, each result and the answer', () => {
    const shown = toolCalls.parse(two, question).present();
    for (const part of [
      question.text,
      'get_weather',
      '{"city":"Oslo","unit":"F"}',
      '12:00',
      '70',
      two.answer,
    ])
      expect(shown).toContain(part);
  });

  it('reads an answer that came as messages, each result by the call that it names', () => {
    const calls = [
      { id: 'a', name: 'now', arguments: '{}' },
      { id: 'b', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
    ];
    const messages = [
      { role: 'assistant', content: '', tool_calls: calls },
      { role: 'tool', content: '21', tool_call_id: 'b' },
      { role: 'tool', content: '12:00', tool_call_id: 'a' },
      { role: 'assistant', content: 'It is 21 °C.' },
    ];
    expect(toolCalls.fromAnswer?.({ content: 'It is 21 °C.', messages }, question)).toEqual(
      candidateOf(called('now', '{}', '12:00'), called('get_weather', '{"city":"Oslo"}')),
    );
    const none = toolCalls.fromAnswer?.({ content: 'Warm.', messages: messages.slice(-1) }, question);
    expect(() => toolCalls.parse(none, question)).toThrow('at least one call is made');
  });

  it('has its tools in the shape of an answer in the journal, so that whoever reads it checks the calls too', async () => {
    const shape = shapeNameOf(toolCalls, 'verbatim', tools);
    const named = shapeNamed(shape, {});
    expect(named.type).toBe(toolCalls);
    expect(named.tools).toEqual(tools);
    expect((await callCheckOf(named.type, named.tools))(candidateOf(called('then', '{}')))).toContain(
      'no such tool',
    );
    expect(shapeNameOf(sft, 'verbatim', tools)).toBe('sft/verbatim');
  });
});

describe('the generation stage', () => {
  const message = { v: 2, question, research, provenance: [earlier] };
  const stageOf = (model: FakeModel) =>
    generationStage({
      topics,
      store: new FakeWorkStore(),
      model,
      lanes: lanesOf(laneOf({ recipes: recipes() })),
    });

  it('asks again with the reason where a call does not fit, and takes the one that does', async () => {
    const wrong = candidateOf(called('get_weather', '{"city":"Oslo","unit":"K"}'));
    const model = new FakeModel({ text: JSON.stringify(wrong) }, { text: JSON.stringify(good) });
    const stage = stageOf(model);
    const record = stage.decode(recordWith(message));
    const failure = await failureOf(() => stage.run(record, firstAttempt));
    expect(failure).toMatchObject({ kind: 'content', code: 'bad_tool_call' });
    expect(failure.facts.reply?.usage.output).toBeGreaterThan(0);
    const done = await stage.run(record, { ...firstAttempt, number: 2, previous: failure });
    expect(done.result).toEqual(good);
    expect(model.lastText).toContain('call 1 (get_weather): unit must be one of C, F');
    expect(model.lastText).toContain('"get_weather"');
  });

  it('asks nobody where there are no tools', async () => {
    const model = new FakeModel({ text: JSON.stringify(good) });
    const stage = stageOf(model);
    const record = stage.decode(recordWith({ ...message, question: { ...question, tools: undefined } }));
    await expect(stage.run(record, firstAttempt)).rejects.toMatchObject({ kind: 'poison', code: 'no_tools' });
    expect(model.requests).toEqual([]);
  });

  it.each([
    ['takes an answer that was brought, where its calls fit', good, undefined],
    [
      'refuses it, with the reason, where they do not',
      candidateOf(called('then', '{}')),
      'there is no such tool',
    ],
  ])('%s', async (_, candidate, told) => {
    const stage = stageOf(new FakeModel({ text: '{}' }));
    const given = { sha256: givenHash(candidate), candidate };
    const record = stage.decode(recordWith({ ...message, question: { ...question, given } }));
    const taken = await stage.free?.(record).catch((error: unknown) => error);
    expect(taken).toMatchObject(
      told === undefined
        ? { result: good, model: 'imported' }
        : { code: 'bad_answer', message: expect.stringContaining(told) },
    );
  });
});

it('a call that is right is handed on as it is', () => {
  const done = {
    result: good,
    ...{ model: 'm', recipe: 'r', costUsd: 0, finishReason: 'stop', reply: '' },
    usage: { input: 1, output: 1, cached: 0, reasoning: 0 },
  };
  expect(calledRightly(done, () => undefined)).toBe(done);
});
