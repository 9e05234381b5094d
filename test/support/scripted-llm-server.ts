import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { error, type WireAnswer, wireAnswer } from './scripted-llm-answer.ts';
import { type CallCounts, CallLog, type WorkCalls } from './scripted-llm-calls.ts';
import { type Call, keyOf, Play, questionOf } from './scripted-llm-play.ts';
import { readScriptedRequest, type ScriptedRequest } from './scripted-llm-request.ts';
import { type ScriptInput, scriptSchema } from './scripted-llm-script.ts';

/** A request as it came, kept for tests that look at it. */
export type KeptRequest = Readonly<{
  headers: IncomingMessage['headers'];
  body: string;
  request: ScriptedRequest;
}>;

export type ScriptedLlmServer = Readonly<{
  /** The base URL for a client, `/v1` included. */
  url: string;
  counts: CallCounts;
  works: ReadonlyMap<string, WorkCalls>;
  /** The last requests, as many as `keepRequests` says. */
  requests: readonly KeptRequest[];
  /** Keys of works that got more than one whole answer. */
  paidTwice(): string[];
  /** From now on the server does this. Counts go on, sequences start anew. */
  setScript(script: ScriptInput): void;
  close(): Promise<void>;
}>;

type Options = Readonly<{ script?: ScriptInput; port?: number; keepRequests?: number }>;

/** Starts a server on 127.0.0.1 that speaks the chat completions API and does as its script says. */
export async function startScriptedLlmServer(options: Options = {}): Promise<ScriptedLlmServer> {
  const { script = {}, port = 0, keepRequests = 1_000 } = options;
  const log = new CallLog();
  const requests: KeptRequest[] = [];
  let play = new Play(scriptSchema.parse(script));
  const setScript = (next: ScriptInput) => {
    play = new Play(scriptSchema.parse(next));
  };

  function complete(message: IncomingMessage, body: string, response: ServerResponse): void {
    const request = readScriptedRequest(body);
    const kept = { headers: message.headers, body, request };
    if (keepRequests > 0 && requests.push(kept) > keepRequests) requests.shift();
    const refused = refusal(kept, play);
    if (refused !== undefined) send(response, refused);
    else perform(request, response, play, log);
  }

  function route(message: IncomingMessage, body: string, response: ServerResponse): void {
    const path = message.url ?? '';
    if (path === '/v1/chat/completions') complete(message, body, response);
    else if (path === '/v1/models')
      sendJson(response, { object: 'list', data: [{ id: 'scripted', object: 'model' }] });
    else if (path === '/__stats') sendJson(response, stats(log));
    else if (path === '/__script') {
      setScript(JSON.parse(body));
      sendJson(response, {});
    } else send(response, error(404, null, 'invalid_request_error', `Unknown path ${path}`));
  }

  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      try {
        route(message, Buffer.concat(chunks).toString(), response);
      } catch (failure) {
        send(response, error(400, null, 'invalid_request_error', String(failure)));
      }
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;

  return {
    url: `http://127.0.0.1:${actualPort}/v1`,
    counts: log.counts,
    works: log.works,
    requests,
    paidTwice: () => log.paidTwice(),
    setScript,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal({ headers, request }: KeptRequest, { script }: Play): WireAnswer | undefined {
  if (script.apiKey !== undefined && headers.authorization !== `Bearer ${script.apiKey}`) {
    const said = `Incorrect API key provided: ${headers.authorization ?? 'none'}.`;
    return error(401, 'invalid_api_key', 'invalid_request_error', said);
  }
  if (script.supports.includes(request.format)) return undefined;
  return error(400, null, 'invalid_request_error', `'response_format' ${request.format} is not supported.`);
}

function perform(request: ScriptedRequest, response: ServerResponse, play: Play, log: CallLog): void {
  const question = questionOf(request);
  const key = keyOf(request, question);
  const work = log.start(request.schemaName, key);
  const call: Call = { request, question, key, number: work.started };
  const { fault, delayMs } = play.cue(call);
  work.delaysMs.push(delayMs);
  if (fault !== undefined) log.fault(fault);
  const whole = fault === undefined || fault === 'fenced' || fault === 'slow';
  response.on('close', () => {
    const sent = response.writableFinished || fault === 'cut';
    log.end(request.schemaName, work, sent ? (whole ? 'answered' : 'spoilt') : 'abandoned');
  });
  if (fault === 'hang') return;
  const promptCharacters = request.messages.reduce((sum, { content }) => sum + content.length, 0);
  const about = { model: request.model, promptCharacters, retryAfter: play.script.retryAfter };
  const answer = () => {
    if (response.destroyed) return;
    const wire = wireAnswer(fault, () => play.content(call), about);
    if (fault === 'cut') cut(response, wire);
    else send(response, wire);
  };
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
}

function send(response: ServerResponse, { status, body, headers = {} }: WireAnswer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  response.end(body);
}

/** Half an answer, and then no connection any more. */
function cut(response: ServerResponse, { body }: WireAnswer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, { status: 200, body: JSON.stringify(value) });
}

/** What `GET /__stats` answers. */
export type ScriptedLlmStats = CallCounts &
  Readonly<{ paidTwice: readonly string[]; works: Readonly<Record<string, WorkCalls>> }>;

function stats(log: CallLog): ScriptedLlmStats {
  return { ...log.counts, paidTwice: log.paidTwice(), works: Object.fromEntries(log.works) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      /** `300`, or `research=300,candidate=200,review=140`, in ms. */
      latency: { type: 'string', default: '0' },
      sigma: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      /** The rest of a script, as JSON. */
      script: { type: 'string', default: '{}' },
    },
  });
  const script = scriptSchema.parse({
    latencyMs: latencyOf(values.latency),
    sigma: Number(values.sigma),
    seed: Number(values.seed),
    ...z.record(z.string(), z.unknown()).parse(JSON.parse(values.script)),
  });
  const { url } = await startScriptedLlmServer({ script, port: Number(values.port), keepRequests: 0 });
  console.log(JSON.stringify({ url }));
}

function latencyOf(text: string): NonNullable<ScriptInput['latencyMs']> {
  if (!text.includes('=')) return Number(text);
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([name = '', ms]) => [name, Number(ms)]));
}

if (import.meta.main) await main();
