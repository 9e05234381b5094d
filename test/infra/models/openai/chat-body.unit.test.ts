import { describe, expect, it } from 'vitest';
import { chatBody } from '../../../../src/infra/models/openai/chat-body.ts';

const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', title: '<b>' };
const request = {
  stage: 'review',
  messages: [
    { role: 'system', content: 'You judge.' },
    { role: 'user', content: 'Judge this.' },
  ],
  answer: { name: 'review', schema },
  settings: { model: 'm' },
} as const;
const strict = { type: 'object' };

describe('the body of a request', () => {
  it('nests a strict schema as every server reads it', () => {
    expect(chatBody(request, 'strict-schema', strict, 'host')).toEqual({
      model: 'm',
      messages: request.messages,
      response_format: { type: 'json_schema', json_schema: { name: 'review', strict: true, schema: strict } },
      stream: false,
    });
  });

  it('sends the schema as it is where it need not be strict', () => {
    expect(chatBody(request, 'schema', strict, 'host').response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'review', strict: false, schema: { type: 'object', title: '<b>' } },
    });
  });

  it('gives the schema a name that servers accept', () => {
    const answer = { name: `my review ${'x'.repeat(90)}`, schema };
    const { response_format: format } = chatBody({ ...request, answer }, 'schema', strict, 'host');
    expect(format).toMatchObject({ json_schema: { name: expect.stringMatching(/^my_review_x{54}$/) } });
  });

  it.each(['json-object', 'plain'] as const)('puts the schema into words at %s', (rung) => {
    const { messages, response_format: format } = chatBody(request, rung, strict, 'host');
    expect(format).toEqual(rung === 'plain' ? undefined : { type: 'json_object' });
    expect(messages[0]?.content).toBe(
      'You judge.\n\nAnswer with one JSON object that follows this JSON schema, and with nothing else:\n<json_schema name="review">{"type":"object","title":"\\u003cb>"}</json_schema>',
    );
    expect(messages[1]).toEqual(request.messages[1]);
  });

  it('says the schema in words beside the response format, for a server that ignores it', () => {
    const body = chatBody(request, 'strict-schema', strict, 'host', true);
    expect(body.response_format?.type).toBe('json_schema');
    expect(body.messages[0]?.content).toContain('<json_schema name="review">');
  });

  it('adds a system message for the schema where there is none', () => {
    const messages = [{ role: 'user', content: 'Judge this.' }] as const;
    const body = chatBody({ ...request, messages }, 'plain', strict, 'host');
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('carries the settings, and what only one server understands', () => {
    const settings = {
      model: 'm',
      temperature: 0,
      seed: 7,
      maxOutputTokens: 100,
      extraBody: { top_k: 1, model: 'x' },
    };
    expect(chatBody({ ...request, settings }, 'plain', strict, 'localhost')).toMatchObject({
      model: 'm',
      temperature: 0,
      seed: 7,
      max_tokens: 100,
      top_k: 1,
    });
  });

  it('names the token limit as the server knows it', () => {
    const settings = { model: 'm', maxOutputTokens: 100 };
    const body = chatBody({ ...request, settings }, 'plain', strict, 'api.openai.com');
    expect(body).toMatchObject({ max_completion_tokens: 100 });
    expect(body).not.toHaveProperty('max_tokens');
  });
});

describe('the body of a request with tools', () => {
  const parameters = { type: 'object', properties: { query: { type: 'string' } } };
  const tools = [{ name: 'search', description: 'Searches.', parameters }];

  it('offers them as functions, and says the shape of the answer in words alone', () => {
    const body = chatBody({ ...request, tools }, 'strict-schema', strict, 'host');
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'search', description: 'Searches.', parameters } },
    ]);
    expect(body).not.toHaveProperty('response_format');
    expect(body.messages[0]?.content).toContain(
      'When you call no tool any more, answer with one JSON object that follows this JSON schema',
    );
  });

  it('is that of a plain call where no tool is offered', () => {
    expect(chatBody({ ...request, tools: [] }, 'plain', strict, 'host')).not.toHaveProperty('tools');
  });

  it('gives back what the server said exactly as it came, and the results under the ids of their calls', () => {
    const raw = {
      role: 'assistant',
      content: null,
      reasoning_content: 'hm',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'search', arguments: '{}' }, extra: { sign: 'x' } },
      ],
    };
    const messages = [
      ...request.messages,
      { role: 'assistant', content: '', raw },
      { role: 'tool', callId: 'a', content: 'Found.' },
    ] as const;
    const body = chatBody({ ...request, messages, tools }, 'plain', strict, 'host');
    expect(body.messages.slice(2)).toEqual([raw, { role: 'tool', tool_call_id: 'a', content: 'Found.' }]);
  });
});
