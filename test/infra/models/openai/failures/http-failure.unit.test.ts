import { describe, expect, it } from 'vitest';
import { httpFailure } from '../../../../../src/infra/models/openai/failures/http-failure.ts';
import { HttpRefusal } from '../../../../../src/infra/models/openai/failures/http-refusal.ts';
import type { Failure } from '../../../../../src/streams/failure.ts';

const KEY = 'sk-very-secret-0123456789';
const context = {
  address: 'https://llm.example/v1',
  hasKey: true,
  secrets: [KEY],
  apiKeyVariable: 'EXAMPLE_API_KEY',
  model: 'gpt-example',
  timeoutMs: 1_000,
} as const;

function failureOf(status: number, error: object = {}, headers: Record<string, string> = {}): Failure {
  return saying(status, JSON.stringify({ error: { message: 'so it says', ...error } }), headers);
}

function saying(status: number, body: string, headers: Record<string, string> = {}): Failure {
  return httpFailure(new HttpRefusal(status, new Headers(headers), body), context);
}

describe('an answer with an error status', () => {
  it.each([
    [408, 'server_timeout', false],
    [409, 'conflict', false],
    [420, 'rate_limited', false],
    [421, 'misdirected', false],
    [424, 'failed_dependency', false],
    [425, 'too_early', false],
    [498, 'no_capacity', false],
    [499, 'cancelled', false],
    [520, 'server_error', true],
    [530, 'server_error', true],
    [429, 'rate_limited', false],
    [500, 'server_error', true],
    [502, 'server_error', true],
    [503, 'server_error', true],
    [504, 'server_error', true],
    [529, 'server_error', true],
  ])('%i is transient: %s, a sign of an outage: %s', (status, code, outageSignal) => {
    expect(failureOf(status)).toMatchObject({ kind: 'transient', code, facts: { outageSignal } });
  });

  it.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    'billing_hard_limit_reached',
  ])('429 with the code or type %s is an outage, as waiting alone does not end it', (code) => {
    const outage = { kind: 'outage', code: 'quota_exhausted' };
    expect(failureOf(429, { code })).toMatchObject(outage);
    expect(failureOf(429, { type: code, code: null })).toMatchObject(outage);
  });

  it('402 is an outage of the same kind', () => {
    expect(failureOf(402)).toMatchObject({ kind: 'outage', code: 'quota_exhausted' });
  });

  it.each([
    [401, 'unauthorized', undefined],
    [403, 'forbidden', 'unclear'],
  ])('%i is fatal and names the variable of the key', (status, code, scope) => {
    const failure = failureOf(status);
    expect(failure).toMatchObject({ kind: 'fatal', code });
    expect(failure.facts.scope).toBe(scope);
    expect(failure.message).toContain(
      `The server at https://llm.example/v1 refused the key in EXAMPLE_API_KEY (${status}). Set EXAMPLE_API_KEY to a valid key.`,
    );
  });

  it('401 without any key says that there is none', () => {
    const refusal = new HttpRefusal(401, new Headers(), '{"error":{}}');
    const { message } = httpFailure(refusal, { ...context, hasKey: false, secrets: [] });
    expect(message).toContain('wants a key, and EXAMPLE_API_KEY holds none (401)');
  });

  it('404 is fatal and names the model and the address', () => {
    const failure = failureOf(404);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'unknown_model' });
    expect(failure.message).toContain('"gpt-example"');
    expect(failure.message).toContain('https://llm.example/v1');
  });

  it('a 400 that names the model as not found is the same', () => {
    expect(failureOf(400, { code: 'model_not_found' })).toMatchObject({ code: 'unknown_model' });
  });

  it.each([400, 422])('%i is poison that may be the fault of the response format', (status) => {
    expect(failureOf(status)).toMatchObject({ kind: 'poison', code: 'request_rejected' });
  });

  it('413, a prompt too long and a filtered prompt are poison and surely the fault of the prompt', () => {
    const rejected = { kind: 'poison', code: 'prompt_rejected' };
    expect(failureOf(413)).toMatchObject(rejected);
    expect(failureOf(400, { code: 'context_length_exceeded' })).toMatchObject(rejected);
  });

  it.each([
    [451, {}],
    [400, { code: 'content_filter' }],
    [400, { code: 'data_inspection_failed' }],
    [400, { code: '1301' }],
    [403, { code: 403, metadata: { reasons: ['violence'] } }],
  ])(
    'a prompt that somebody does not like (%i %j) is refused, and says nothing of the key',
    (status, error) => {
      const failure = failureOf(status, error);
      expect(failure).toMatchObject({ kind: 'poison', code: 'refused' });
      expect(failure.facts.scope).toBeUndefined();
    },
  );

  it('an answer that the server itself found bad is one of the model, with its text', () => {
    const failure = failureOf(400, { code: 'json_validate_failed', failed_generation: '{"prompt": ' });
    expect(failure).toMatchObject({ kind: 'content', code: 'not_json' });
    expect(failure.facts.reply?.text).toBe('{"prompt": ');
  });

  it('a setting that the model does not take is fatal and is named', () => {
    const failure = failureOf(400, { code: 'unsupported_value', param: 'temperature' });
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_setting' });
    expect(failure.message).toContain('temperature');
  });

  it('a response format that the model does not take is left to the ladder', () => {
    const failure = failureOf(400, { code: 'unsupported_value', param: 'response_format.type' });
    expect(failure.code).toBe('request_rejected');
  });

  it.each([304, 405, 415])('%i is fatal: the base URL leads to something else', (status) => {
    expect(failureOf(status)).toMatchObject({ kind: 'fatal', code: 'unexpected_status' });
  });

  it.each([418, 444, 460])('a %i that nobody knows may pass', (status) => {
    const expected = { kind: 'transient', code: 'unexpected_status', facts: { scope: 'unclear' } };
    expect(failureOf(status)).toMatchObject(expected);
  });

  it.each([301, 302, 307, 308])('a redirect (%i) tells where to', (status) => {
    const failure = saying(status, '', { location: 'https://models.example.com/v1/chat/completions' });
    expect(failure).toMatchObject({ kind: 'fatal', code: 'moved' });
    expect(failure.message).toContain('it is at https://models.example.com/v1/chat/completions');
  });

  it.each([
    ['1113', 429],
    [1113, 429],
    ['Arrearage', 400],
    ['insufficient_user_quota', 403],
    ['exceeded_current_quota_error', 429],
    ['AccountOverdueError', 403],
  ])('a balance that is spent is an outage under the code %j (%i) too', (code, status) => {
    const failure = failureOf(status, { code, message: 'recharge the account' });
    expect(failure).toMatchObject({ kind: 'outage', code: 'quota_exhausted' });
    expect(failure.message).toContain('recharge the account');
  });

  it('the time that the server asks us to wait is kept, however long', () => {
    expect(failureOf(429, {}, { 'retry-after': '86400' }).facts.retryAfterMs).toBe(86_400_000);
    expect(failureOf(503, {}, { 'retry-after-ms': '1500' }).facts.retryAfterMs).toBe(1_500);
    expect(failureOf(429).facts).not.toHaveProperty('retryAfterMs');
  });

  it.each([400, 401, 402, 404, 405, 413, 429, 500])(
    '%i never shows the key, even when the server does',
    (status) => {
      const failure = failureOf(status, { message: `bad key ${KEY}${'x'.repeat(480)}${KEY}` });
      expect(failure.message).not.toContain(KEY);
      expect(failure.message).toContain('bad key [key]');
      expect(failure.cause).toBeUndefined();
      expect(JSON.stringify(failure.facts)).not.toContain(KEY);
    },
  );

  it('the text of the server is bounded and free of control characters', () => {
    const { message } = failureOf(500, { message: `\u001b[31m${'long '.repeat(1_000)}` });
    expect(message.length).toBeLessThan(700);
    expect(message).not.toContain('\u001b');
  });

  it('an answer without any body is told apart by its status alone', () => {
    const failure = saying(503, '');
    expect(failure).toMatchObject({ kind: 'transient', code: 'server_error' });
    expect(failure.message).toContain('(it gave no reason)');
  });
});
