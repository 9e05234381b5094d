import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/stages/example.ts';
import { type ExportFormat, exportLine, exportLines } from '../../../src/stages/formats/index.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { exampleOf } from './fixtures.ts';

const weather = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const tools = [{ type: 'function', function: weather }];
const SYSTEM = 'You are the ACME bot.';

function asked(parts: object, trainingType = 'sft'): Example {
  const example = exampleOf(trainingType);
  return { ...example, v: 2, question: questionSchema.parse({ ...example.question, ...parts }) };
}

function lineOf(example: Example, format: ExportFormat): unknown {
  const line = exportLine(example, format);
  return line.kind === 'line' ? line.value : line.reason;
}

const system = { role: 'system', content: SYSTEM };
const user = { role: 'user', content: 'Why is the sky blue?' };
const assistant = { role: 'assistant', content: 'Air scatters blue light more than red.' };

describe('a system prompt', () => {
  it.each<[ExportFormat, object]>([
    ['openai', { messages: [system, user, assistant] }],
    ['axolotl', { messages: [system, user, assistant] }],
    ['trl', { prompt: [system, user], completion: [assistant] }],
    ['kto', { prompt: [system, user], completion: [assistant], label: true }],
    ['sharegpt', { system: SYSTEM }],
    ['sharegpt-kto', { system: SYSTEM }],
    ['alpaca', { system: SYSTEM }],
  ])('stands in %s', (format, expected) => {
    expect(lineOf(asked({ system: SYSTEM }), format)).toMatchObject(expected);
  });

  it.each<[ExportFormat, object]>([
    ['dpo', { prompt: [system, { role: 'user' }] }],
    ['openai-dpo', { input: { messages: [system, { role: 'user' }] } }],
    ['axolotl-dpo', { messages: [system, { role: 'user' }] }],
    ['sharegpt-dpo', { system: SYSTEM }],
    ['alpaca', { system: SYSTEM }],
  ])('leads the pairs of %s', (format, expected) => {
    expect(lineOf(asked({ system: SYSTEM }, 'dpo'), format)).toMatchObject(expected);
  });

  it('is never stripped in silence: a format without a place for it leaves the example out', () => {
    const example = asked({ system: SYSTEM });
    expect(lineOf(example, 'prompt-completion')).toMatch(/no place for a system prompt/);
    const [line] = exportLines(example, 'prompt-completion', { without: ['system'] });
    expect(line).toMatchObject({ kind: 'line', value: { prompt: user.content } });
  });
});

describe('tools and calls', () => {
  const history = [
    { role: 'user', content: 'And in Rome?' },
    { role: 'assistant', tool_calls: [{ id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' }] },
    { role: 'tool', tool_call_id: 'c1', name: 'weather', content: '{"sky":"clear"}' },
    { role: 'assistant', content: 'Clear.' },
  ];
  const called = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
  const before = [history[0], { role: 'assistant', tool_calls: [called] }, history[2], history[3]];
  const example = asked({ tools, history, system: SYSTEM });

  it('stand as chat APIs have them', () => {
    expect(lineOf(example, 'openai')).toEqual({ messages: [system, ...before, user, assistant], tools });
    expect(lineOf(example, 'axolotl')).toEqual({ messages: [system, ...before, user, assistant], tools });
    expect(lineOf(example, 'trl')).toEqual({
      prompt: [system, ...before, user],
      completion: [assistant],
      tools,
    });
  });

  it('stand in the places of their speakers in sharegpt, the tools as text', () => {
    expect(lineOf(example, 'sharegpt')).toEqual({
      conversations: [
        { from: 'human', value: 'And in Rome?' },
        { from: 'function_call', value: '{"name":"weather","arguments":{"city":"Rome"}}' },
        { from: 'observation', value: '{"sky":"clear"}' },
        { from: 'gpt', value: 'Clear.' },
        { from: 'human', value: user.content },
        { from: 'gpt', value: assistant.content },
      ],
      system: SYSTEM,
      tools: JSON.stringify([weather]),
    });
  });

  it('leave the example out where there is no place for them, and where a tool is called that is none of them', () => {
    expect(lineOf(asked({ tools }), 'alpaca')).toMatch(/no place for tools/);
    expect(lineOf(asked({ history }), 'alpaca')).toMatch(/no place for calls of tools/);
    expect(lineOf(asked({ history }), 'openai')).toMatch(/none of the tools of the line/);
    const [stripped] = exportLines(asked({ tools }), 'alpaca', { without: ['tools'] });
    expect(stripped?.kind).toBe('line');
  });
});

describe('what was said before', () => {
  const history = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Good day' },
  ];

  it('comes before the example in formats of turns, and leaves it out in formats of one', () => {
    expect(lineOf(asked({ history }), 'openai')).toEqual({ messages: [...history, user, assistant] });
    expect(lineOf(asked({ history }), 'alpaca')).toMatchObject({ history: [['Hello', 'Good day']] });
    expect(lineOf(asked({ history }, 'dpo'), 'dpo')).toMatchObject({
      prompt: [...history, { role: 'user' }],
    });
    expect(lineOf(asked({ history }), 'prompt-completion')).toMatch(/cannot hold/);
    expect(lineOf(asked({ history }, 'dpo'), 'alpaca')).toMatch(/cannot hold/);
  });

  it('is named as the reason where it alone is why a format leaves the example out', () => {
    expect(lineOf(asked({ history }), 'prompt-completion')).toBe(
      'format prompt-completion cannot hold the turns before the question of a sft example',
    );
    expect(lineOf(asked({ history }, 'dpo'), 'alpaca')).toMatch(/cannot hold the turns before the question/);
    expect(lineOf(asked({ history }, 'conversation'), 'prompt-completion')).toBe(
      'format prompt-completion cannot hold a conversation example',
    );
  });
});
