import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompletion } from '../../../../src/infra/models/openai/chat-completion.ts';

const usage = { prompt_tokens: 10, completion_tokens: 5 };

function event(delta: object, finish: string | null = null, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'served', choices, ...more })}\n\n`;
}
const read = (...events: readonly string[]) => parseCompletion(events.join(''), 'asked');

describe('a stream that nobody asked for', () => {
  it('is put together', () => {
    const reply = read(
      event({ role: 'assistant', content: '' }),
      event({ reasoning_content: 'h' }),
      event({ reasoning_content: 'm' }),
      event({ content: '{"a"' }),
      ': keep-alive\n\n',
      event({ content: ': 1}' }),
      event({}, 'stop'),
      `data: ${JSON.stringify({ model: 'served', choices: [], usage })}\n\n`,
      'data: [DONE]\n\n',
    );
    expect(reply).toMatchObject({ text: '{"a": 1}', reasoning: 'hm', finishReason: 'stop', model: 'served' });
    expect(reply?.usage).toMatchObject({ input: 10, output: 5 });
  });

  it('brings the arguments of a tool call', () => {
    const piece = (part: string) => ({
      tool_calls: [{ index: 0, function: { name: 'a', arguments: part } }],
    });
    expect(read(event(piece('{"a"')), event(piece(': 1}')), event({}, 'tool_calls'))).toMatchObject({
      text: '{"a": 1}',
      finishReason: 'tool_calls',
    });
  });

  it('may have other line ends, names of events and no end mark', () => {
    const whole = `event: chunk\r\nid: 1\r\n${event({ content: '{}' }, 'stop').replaceAll('\n', '\r\n')}`;
    expect(read(whole)).toMatchObject({ text: '{}', finishReason: 'stop' });
  });

  it('may hold one whole completion', () => {
    const choices = [{ message: { content: '{}' }, finish_reason: 'stop' }];
    expect(read(`data: ${JSON.stringify({ choices, usage })}\n\ndata: [DONE]\n\n`)).toMatchObject({
      text: '{}',
    });
    expect(read(`: WAITING\n\n: WAITING\n\n${JSON.stringify({ choices })}`)).toMatchObject({ text: '{}' });
    const odd = [{ message: { content: '{}\u2028: 1' }, finish_reason: 'stop' }];
    expect(read(`: WAITING\n\n${JSON.stringify({ choices: odd })}`)).toMatchObject({ text: '{}\u2028: 1' });
  });

  it.each([
    ['cut off', event({ content: '{"a": 1}' })],
    ['ended by an error', `${event({ content: '{' })}data: {"error": {"message": "overloaded"}}\n\n`],
    ['empty', ': nothing\n\n'],
  ])('is no completion where it was %s', (_, body) => {
    expect(parseCompletion(body, 'asked')).toBeUndefined();
  });

  it('gives the text back however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (pieces) => {
        const events = pieces.map((content) => event({ content }));
        const text = `{${pieces.join('')}`;
        expect(read(event({ content: '{' }), ...events, event({}, 'stop'))?.text).toBe(text);
      }),
      { examples: [[['\u2028']], [['\u2029: no comment']]] },
    );
  });
});

it('calls of an event stream are put together, with what only their server knows', () => {
  const events = [
    {
      tool_calls: [
        {
          index: 0,
          id: 'c',
          type: 'function',
          function: { name: 'search', arguments: '' },
          extra: { sign: 'x' },
        },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
  ].map((delta) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
  const reply = parseCompletion([...events, 'data: [DONE]\n\n'].join(''), 'asked', true);
  expect(reply).toMatchObject({
    calls: [{ id: 'c', name: 'search', args: '{"a":1}' }],
    message: {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'c',
          type: 'function',
          function: { name: 'search', arguments: '{"a":1}' },
          extra: { sign: 'x' },
        },
      ],
    },
  });
});
