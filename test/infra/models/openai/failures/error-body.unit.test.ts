import { describe, expect, it } from 'vitest';
import { errorBody } from '../../../../../src/infra/models/openai/failures/error-body.ts';

describe('the words of an error', () => {
  it.each([
    ['OpenAI', '{"error":{"message":"too long","code":"x"}}', 'too long'],
    [
      'xAI',
      '{"code":"invalid argument","error":"The API key is not correct."}',
      'The API key is not correct.',
    ],
    ['FastAPI', '{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}', 'field required'],
    ['vLLM', '{"object":"error","message":"no such model","code":404}', 'no such model'],
    [
      'Gemini',
      '[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]',
      'API key not valid',
    ],
    ['AWS', '{"Message":"is not authorized"}', 'is not authorized'],
    ['problem details', '{"title":"Bad","detail":"the tier is full","status":503}', 'the tier is full'],
    [
      'OpenRouter',
      '{"error":{"message":"Provider returned error","metadata":{"raw":"{\\"error\\":{\\"message\\":\\"KV cache is full\\"}}"}}}',
      'Provider returned error: KV cache is full',
    ],
    ['text', 'CUDA out of memory: tried to allocate 2 GiB', 'CUDA out of memory: tried to allocate 2 GiB'],
    ['a JSON text', '"overloaded"', 'overloaded'],
    [
      'HTML',
      '<!DOCTYPE html><html><head><title>403 Forbidden</title><style>b{}</style></head><body><h1>Blocked</h1> &amp; logged<script>x()</script></body></html>',
      '403 Forbidden: Blocked & logged',
    ],
    [
      'XML',
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Go away</Message></Error>',
      'AccessDenied Go away',
    ],
    ['nothing', '', ''],
    ['an empty object', '{}', ''],
    ['unknown names', '{"oops":7}', '{"oops":7}'],
  ])('are found in those of %s', (_, body, said) => {
    expect(errorBody(body).said).toBe(said);
  });

  it('come with the codes, as texts in small letters, wherever they stand', () => {
    expect(errorBody('{"error":{"code":1113,"type":"Arrearage"},"code":"Top"}').codes).toEqual([
      '1113',
      'arrearage',
      'top',
    ]);
  });

  it('come with the status of an error in an answer that calls itself a success', () => {
    expect(errorBody('{"error":{"code":429,"message":"slow down"}}').status).toBe(429);
    expect(errorBody('{"error":"no such endpoint"}').status).toBeUndefined();
  });

  it('are looked for in bounded time, however the markup is built', () => {
    const { said } = errorBody(`<${'<a '.repeat(100_000)}`);
    expect(said.length).toBeLessThanOrEqual(100_000);
  });
});
