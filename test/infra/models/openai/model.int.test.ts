import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openAiModel } from '../../../../src/infra/models/openai/model.ts';
import { MAX_REPLY_BYTES } from '../../../../src/infra/models/openai/transport/unpack.ts';
import type { ChatRequest } from '../../../../src/stages/agent/chat-model.ts';
import { type ScriptedLlmServer, startScriptedLlmServer } from '../../../support/llm/scripted-llm-server.ts';

const KEY = 'sk-very-secret-0123456789';
const never = new AbortController().signal;
const answer = z.object({ summary: z.string(), keyPoints: z.array(z.string()).min(2) });
const schema = z.toJSONSchema(answer, { target: 'draft-7' });
let server: ScriptedLlmServer;

beforeEach(async () => {
  server = await startScriptedLlmServer();
});
afterEach(async () => {
  await server.close();
});

function asking(question = 'Why?', settings: Partial<ChatRequest['settings']> = {}): ChatRequest {
  return {
    stage: 'research',
    messages: [
      { role: 'system', content: 'You research.' },
      { role: 'user', content: `<question>${question}</question>` },
    ],
    answer: { name: 'research', schema },
    settings: { model: 'gpt-4o-mini', ...settings },
  };
}

function modelAt(
  baseUrl: string,
  rest: { apiKey?: string | undefined; timeoutMs?: number } = { apiKey: KEY },
) {
  return openAiModel({ endpoint: { baseUrl, apiKey: undefined, apiKeyVariable: 'EXAMPLE_KEY', ...rest } });
}

describe('a model behind a server', () => {
  it('answers with all that is known of the call', async () => {
    const model = modelAt(server.url);
    const reply = await model.complete(asking(), never);
    expect(answer.safeParse(JSON.parse(reply.text)).success).toBe(true);
    expect(reply).toMatchObject({ finishReason: 'stop', refusal: null, model: 'gpt-4o-mini', reasoning: '' });
    expect(reply.usage.input).toBeGreaterThan(0);
    expect(reply.costUsd).toBeGreaterThan(0);
    expect(model).toMatchObject({ address: server.url, simulated: false });
  });

  it('sends the key that a function brings for the call, and shows none of them in a failure', async () => {
    const keys = ['sk-first-0123456789', 'sk-second-0123456789'];
    const bringKey = () => keys.shift() ?? Promise.reject(new Error('the vault is sealed'));
    const endpoint = { baseUrl: server.url, apiKey: undefined, apiKeyVariable: 'the function', bringKey };
    const model = openAiModel({ endpoint });
    await model.complete(asking(), never);
    await model.complete(asking(), never);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer sk-first-0123456789',
      'Bearer sk-second-0123456789',
    ]);
    await expect(model.complete(asking(), never)).rejects.toMatchObject({
      kind: 'transient',
      code: 'no_key_brought',
      message: 'The function apiKey of the settings brought no key: the vault is sealed',
    });
  });

  it('sends its key, and asks with a strict schema first', async () => {
    await modelAt(server.url).complete(asking(), never);
    const [kept] = server.requests;
    expect(kept?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(kept?.request).toMatchObject({ format: 'strict', schemaName: 'research' });
  });

  it('sends the second request like the first, with its own body', async () => {
    const model = modelAt(server.url);
    await model.complete(asking('One?'), never);
    await model.complete(asking('Two?'), never);
    const [first, second] = server.requests;
    expect(second?.body).toContain('Two?');
    expect(second?.headers).toEqual({
      ...first?.headers,
      'content-length': second?.headers['content-length'],
    });
  });

  it('tells of the body of an answer before anybody else hears of it, and of no error', async () => {
    const model = modelAt(server.url);
    const heard: string[] = [];
    const onBody = (pieces: readonly Uint8Array[]) => void heard.push(Buffer.concat(pieces).toString());
    const reply = await model.complete({ ...asking(), onBody }, never);
    expect(heard).toHaveLength(1);
    expect(JSON.parse(heard[0] ?? '')).toMatchObject({ choices: [{ message: { content: reply.text } }] });
    server.setScript({ fractions: { '500': 1 } });
    await expect(model.complete({ ...asking(), onBody }, never)).rejects.toThrow();
    expect(heard).toHaveLength(1);
  });

  it('works without a key, and sends none then, whatever the environment holds', async () => {
    for (const name of ['OPENAI_API_KEY', 'OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) {
      vi.stubEnv(name, 'from-the-environment');
    }
    await modelAt(server.url, {}).complete(asking(), never);
    vi.unstubAllEnvs();
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('from-the-environment');
  });

  it('knows no cost for a model without a price, and takes that of an override', async () => {
    const settings = { model: 'my-own' };
    expect((await modelAt(server.url).complete(asking('Why?', settings), never)).costUsd).toBeNull();
    const endpoint = { baseUrl: server.url, apiKey: undefined, apiKeyVariable: 'EXAMPLE_KEY' };
    const priced = openAiModel({ endpoint, prices: { 'my-own': { input: 1e6, output: 0 } } });
    const { costUsd, usage } = await priced.complete(asking('Why?', settings), never);
    expect(costUsd).toBe(usage.input);
  });

  it('asks the server of the stage', async () => {
    await using other = await startDisposableServer();
    const endpoint = { baseUrl: other.url, apiKey: undefined, apiKeyVariable: 'EXAMPLE_KEY' };
    const model = openAiModel({
      endpoint,
      stageEndpoints: { research: { ...endpoint, baseUrl: server.url } },
    });
    await model.complete(asking(), never);
    await model.complete({ ...asking(), stage: 'review' }, never);
    expect([server.counts.started, other.counts.started]).toEqual([1, 1]);
    expect(model.address).toBe(`${other.url}, ${server.url}`);
  });

  it('is asked by many at once without a word of warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    server.setScript({ latencyMs: 500 });
    const model = modelAt(server.url);
    await Promise.all(Array.from({ length: 50 }, (_, index) => model.complete(asking(`Q${index}`), never)));
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(server.counts.maxInFlight).toBeGreaterThan(10);
  });
});

describe('the ladder against a server', () => {
  it.each(['json_schema', 'json_object', 'plain'] as const)(
    'finds %s within one call and remembers it',
    async (format) => {
      server.setScript({ supports: [format] });
      const model = modelAt(server.url);
      const reply = await model.complete(asking('One?'), never);
      expect(answer.safeParse(JSON.parse(reply.text)).success).toBe(true);
      const tried = server.requests.length;
      await model.complete(asking('Two?'), never);
      expect(server.requests.length).toBe(tried + 1);
      expect(server.requests.at(-1)?.request.format).toBe(format);
      expect(server.counts.answered).toBe(2);
    },
  );

  it('takes a 400 after a success for the fault of the prompt', async () => {
    const model = modelAt(server.url);
    await model.complete(asking('One?'), never);
    server.setScript({ sequences: [{ faults: ['400'] }] });
    const call = model.complete(asking('Two?'), never);
    await expect(call).rejects.toMatchObject({ kind: 'poison', code: 'request_rejected' });
    expect(server.counts.started).toBe(2);
  });

  it('goes on with the top rung after a prompt that was rejected everywhere', async () => {
    server.setScript({ sequences: [{ faults: ['400', '400', '400', '400'] }] });
    const model = modelAt(server.url);
    await expect(model.complete(asking('One?'), never)).rejects.toMatchObject({ kind: 'poison' });
    await model.complete(asking('Two?'), never);
    expect(server.requests.map(({ request }) => request.format)).toEqual([
      'strict',
      'json_schema',
      'json_object',
      'plain',
      'strict',
    ]);
  });
});

describe('a call that goes wrong', () => {
  it.each([
    ['429', 'transient', 'rate_limited', false],
    ['500', 'transient', 'server_error', true],
    ['503', 'transient', 'server_error', true],
    ['429-quota', 'outage', 'quota_exhausted', true],
    ['401', 'fatal', 'unauthorized', undefined],
    ['404', 'fatal', 'unknown_model', undefined],
    ['cut', 'transient', 'connection_lost', true],
  ] as const)('%s is %s: %s', async (fault, kind, code, outageSignal) => {
    server.setScript({ sequences: [{ faults: [fault] }] });
    const call = modelAt(server.url).complete(asking(), never);
    await expect(call).rejects.toMatchObject({ name: 'Failure', kind, code });
    await expect(call.catch((failure) => failure.facts.outageSignal)).resolves.toBe(outageSignal);
    expect(server.counts.started).toBe(1);
  });

  it('passes on how long to wait, also beyond the minute that the client would obey', async () => {
    server.setScript({ sequences: [{ faults: ['429'] }], retryAfter: '7200' });
    const call = modelAt(server.url).complete(asking(), never);
    await expect(call).rejects.toMatchObject({ facts: { retryAfterMs: 7_200_000 } });
  });

  it('ends after its time', async () => {
    server.setScript({ sequences: [{ faults: ['hang'] }] });
    const call = modelAt(server.url, { timeoutMs: 30 }).complete(asking(), never);
    await expect(call).rejects.toMatchObject({
      kind: 'transient',
      code: 'timeout',
      facts: { outageSignal: true },
      message: `The server at ${server.url} did not answer within 30 ms.`,
    });
  });

  it('ends when it is cancelled, and leaves no listener behind', async () => {
    server.setScript({ sequences: [{ faults: ['hang'] }] });
    const controller = new AbortController();
    const model = modelAt(server.url);
    const call = model.complete(asking(), controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ kind: 'transient', code: 'aborted' });
    await expect(model.complete(asking(), controller.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it.each([
    ['web page', 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>', 'malformed_response'],
    ['empty body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 'malformed_response'],
    ['half a body', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"choic', 'connection_lost'],
    ['something else than HTTP', 'SSH-2.0-OpenSSH\r\n', 'connection_lost'],
    ['body without an end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(MAX_REPLY_BYTES + 1)}`, 'reply_too_large'],
  ])('an answer of this kind is transient: %s', async (_, bytes, code) => {
    await using raw = await startRawServer(bytes);
    const call = modelAt(raw.url).complete(asking(), never);
    await expect(call).rejects.toMatchObject({ kind: 'transient', code });
  });

  it('names the address where nothing answers', async () => {
    const gone = await startScriptedLlmServer();
    await gone.close();
    const call = modelAt(gone.url).complete(asking(), never);
    await expect(call).rejects.toMatchObject({
      kind: 'transient',
      code: 'unreachable',
      facts: { outageSignal: true },
      message: expect.stringContaining(gone.url),
    });
  });

  it('shows the key nowhere, even when the server echoes it', async () => {
    server.setScript({ apiKey: 'another' });
    const failure: unknown = await modelAt(server.url)
      .complete(asking(), never)
      .catch((reason) => reason);
    expect(failure).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('EXAMPLE_KEY') });
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(KEY);
  });
});

async function startDisposableServer() {
  const started = await startScriptedLlmServer();
  return { ...started, [Symbol.asyncDispose]: () => started.close() };
}

/** A server that answers any request with these bytes, and closes. */
async function startRawServer(bytes: string) {
  const raw = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const address = raw.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => raw.close(() => resolve())),
  };
}
