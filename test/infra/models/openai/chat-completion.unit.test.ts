import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompletion } from '../../../../src/infra/models/openai/chat-completion.ts';

function parsed(message: object, rest: object = {}) {
  const body = { choices: [{ message, finish_reason: 'stop' }], ...rest };
  return parseCompletion(JSON.stringify(body), 'asked');
}

describe('a chat completion', () => {
  it('is read in full', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    expect(parsed({ content: '{}', refusal: null }, { model: 'served', usage })).toEqual({
      text: '{}',
      reasoning: '',
      finishReason: 'stop',
      refusal: null,
      model: 'served',
      usage: { input: 10, output: 5, cached: 4, reasoning: 3 },
    });
  });

  it('may leave out nearly everything', () => {
    expect(parseCompletion('{"choices":[{"message":{}}]}', 'asked')).toEqual({
      text: '',
      reasoning: '',
      finishReason: 'unknown',
      refusal: null,
      model: 'asked',
      usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
    });
  });

  it('keeps a refusal', () => {
    expect(parsed({ content: null, refusal: 'No.' })).toMatchObject({ text: '', refusal: 'No.' });
  });

  it.each([
    ['reasoning_content', { content: '{}', reasoning_content: 'hm' }],
    ['reasoning', { content: '{}', reasoning: 'hm' }],
    ['tags', { content: '<think>hm</think>{}' }],
    [
      'parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: '{}' },
        ],
      },
    ],
  ])('has its reasoning in one field, wherever it stood: %s', (_, message) => {
    expect(parsed(message)).toMatchObject({ text: '{}', reasoning: 'hm' });
  });

  const call = (given: unknown) => ({ function: { name: 'answer', arguments: given } });
  it.each([
    ['a tool call', { content: null, tool_calls: [call('{"a":1}')] }],
    ['a tool call beside words', { content: 'Here it is.', tool_calls: [call('{"a":1}')] }],
    ['a tool call that holds an object', { content: '', tool_calls: [call({ a: 1 })] }],
    ['a function call', { content: null, function_call: { name: 'answer', arguments: '{"a":1}' } }],
    ['the thoughts', { content: null, reasoning_content: '{"a":1}' }],
    ['the thoughts under their other name', { content: '', reasoning: '{"a":1}' }],
    ['an object instead of a text', { content: { a: 1 } }],
  ])('has its answer in the text, wherever it stood: %s', (_, message) => {
    expect(parsed(message)).toMatchObject({ text: '{"a":1}', reasoning: '' });
  });

  it('does not guess which of two tool calls is meant', () => {
    const calls = [call('{"a":1}'), call('{"b":1}')];
    expect(parsed({ content: null, tool_calls: calls })).toMatchObject({ text: '' });
  });

  it.each([
    ['texts', { prompt_tokens: '100', completion_tokens: '50', total_tokens: '150' }],
    ['fractions', { prompt_tokens: 100.0001, completion_tokens: 49.9, total_tokens: 149.9001 }],
  ])('counts tokens in %s', (_, usage) => {
    expect(parsed({ content: '{}' }, { usage })?.usage).toMatchObject({ input: 100, output: 50 });
  });

  it('reads cached tokens where DeepSeek puts them', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 8 };
    expect(parsed({ content: '{}' }, { usage })?.usage.cached).toBe(8);
  });

  it.each([
    ['cache_write_tokens of the details', { prompt_tokens_details: { cache_write_tokens: 7 } }],
    ['cache_creation_input_tokens', { cache_creation_input_tokens: 7 }],
  ])('reads what was written to the cache from %s', (_, details) => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, ...details };
    expect(parsed({ content: '{}' }, { usage })?.usage.cacheWrites).toBe(7);
  });

  it('counts reasoning once: inside the completion, or beside it where only the total says so', () => {
    const details = { completion_tokens_details: { reasoning_tokens: 94 } };
    const inside = { prompt_tokens: 32, completion_tokens: 103, total_tokens: 135, ...details };
    const beside = { prompt_tokens: 32, completion_tokens: 9, total_tokens: 135, ...details };
    for (const usage of [inside, beside])
      expect(parsed({ content: '{}' }, { usage })?.usage).toMatchObject({ output: 103, reasoning: 94 });
  });

  it('takes nonsense in the usage for nothing', () => {
    const usage = { prompt_tokens: -1, completion_tokens: 'many', prompt_tokens_details: 3 };
    expect(parsed({ content: '{}' }, { usage })?.usage).toEqual({
      input: 0,
      output: 0,
      cached: 0,
      reasoning: 0,
    });
  });

  it.each([
    '',
    'null',
    '{',
    '<html>',
    '{"choices":[]}',
    '{"error":{"message":"x"}}',
    '{"choices":[{"message":{"content":3}}]}',
  ])('is not %j', (body) => {
    expect(parseCompletion(body, 'asked')).toBeUndefined();
  });

  it('is read or refused, never thrown at, whatever a server sends', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(() => parseCompletion(body, 'asked')).not.toThrow();
      }),
    );
  });
});

describe('a chat completion that was asked with tools', () => {
  const read = (message: object) =>
    parseCompletion(JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }), 'asked', true);
  const call = (given: object) => ({
    type: 'function',
    function: { name: 'search', arguments: '{"a":1}' },
    ...given,
  });

  it('has its calls as calls, never as its answer, and its message with all that only its server knows', () => {
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [call({ id: 'c', signature: 'x' })],
      thinking: 7,
    };
    expect(read(message)).toMatchObject({
      text: '',
      finishReason: 'tool_calls',
      calls: [{ id: 'c', name: 'search', args: '{"a":1}' }],
      message,
    });
  });

  it.each([
    ['no id', call({}), { id: 'call_0', name: 'search', args: '{"a":1}' }],
    [
      'arguments that are an object',
      call({ id: 'c', function: { name: 'search', arguments: { a: 1 } } }),
      { id: 'c', name: 'search', args: '{"a":1}' },
    ],
    ['no arguments', call({ id: 'c', function: { name: 'list' } }), { id: 'c', name: 'list', args: '{}' }],
  ])('takes a call with %s', (_, given, expected) => {
    expect(read({ content: '', tool_calls: [given] })).toMatchObject({ calls: [expected] });
  });

  it('has no calls where there are only words', () => {
    expect(read({ content: '{"summary":""}' })).not.toHaveProperty('calls');
  });
});
