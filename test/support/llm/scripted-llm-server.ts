import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type EmbeddingRequest, ScriptedEmbeddings } from './scripted-embeddings.ts';
import { error, type WireAnswer, wireAnswer } from './scripted-llm-answer.ts';
import { type CallCounts, CallLog, type WorkCalls } from './scripted-llm-calls.ts';
import { RequestLimit } from './scripted-llm-limit.ts';
import { type Call, keyOf, Play, questionOf } from './scripted-llm-play.ts';
import { readScriptedRequest, type ScriptedRequest } from './scripted-llm-request.ts';
import { type Script, type ScriptInput, scriptSchema } from './scripted-llm-script.ts';

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
  /** Requests for vectors. */
  embedded: readonly EmbeddingRequest[];
  /** Keys of works that got more than one whole answer. */
  paidTwice(): string[];
  /** From now on the server does this. Counts go on, sequences start anew. */
  setScript(script: ScriptInput): void;
  close(): Promise<void>;
}>;

type Options = Readonly<{ script?: ScriptInput; port?: number; keepRequests?: number }>;

const MODELS = { object: 'list', data: [{ id: 'scripted', object: 'model' }] };

/** Starts a server on 127.0.0.1 that speaks the chat completions API and does as its script says. */
export async function startScriptedLlmServer(options: Options = {}): Promise<ScriptedLlmServer> {
  const script = scriptSchema.parse(options.script ?? {});
  const state: State = {
    log: new CallLog(),
    requests: [],
    embeddings: new ScriptedEmbeddings(script.embeddings),
    keepRequests: options.keepRequests ?? 1_000,
    ...following(script),
  };
  const server = createServer((message, response) => receive(message, response, state));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    counts: state.log.counts,
    works: state.log.works,
    requests: state.requests,
    embedded: state.embeddings.requests,
    paidTwice: () => state.log.paidTwice(),
    setScript: (script) => void follow(state, script),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = {
  readonly log: CallLog;
  readonly requests: KeptRequest[];
  readonly keepRequests: number;
  readonly embeddings: ScriptedEmbeddings;
  play: Play;
  limit: RequestLimit | undefined;
};

function follow(state: State, script: ScriptInput): Script {
  const parsed = scriptSchema.parse(script);
  state.embeddings.follow(parsed.embeddings);
  Object.assign(state, following(parsed));
  return parsed;
}

function following(script: Script): Pick<State, 'play' | 'limit'> {
  const { rateLimit } = script;
  return { play: new Play(script), limit: rateLimit === undefined ? undefined : new RequestLimit(rateLimit) };
}

function receive(message: IncomingMessage, response: ServerResponse, state: State): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk) => chunks.push(chunk));
  message.on('end', () => {
    try {
      route(message, Buffer.concat(chunks).toString(), response, state);
    } catch (failure) {
      send(response, error(400, null, 'invalid_request_error', String(failure)));
    }
  });
}

function route(message: IncomingMessage, body: string, response: ServerResponse, state: State): void {
  if (message.url === '/v1/chat/completions') complete(message, body, response, state);
  else if (message.url === '/v1/embeddings') embed(message, body, response, state);
  else if (message.url === '/v1/models') sendJson(response, MODELS);
  else if (message.url === '/__stats') sendJson(response, stats(state));
  else if (message.url === '/__limit') sendJson(response, state.limit?.tallies ?? {});
  else if (message.url === '/__script') sendJson(response, follow(state, JSON.parse(body)));
  else send(response, error(404, null, 'invalid_request_error', `Unknown path ${message.url}`));
}

function embed({ headers }: IncomingMessage, body: string, response: ServerResponse, state: State): void {
  const refused = keyRefusal(headers, state.play);
  send(response, refused ?? state.embeddings.answer(body));
}

function complete(message: IncomingMessage, body: string, response: ServerResponse, state: State): void {
  const { log, requests, keepRequests, play, limit } = state;
  const request = readScriptedRequest(body);
  const kept = { headers: message.headers, body, request };
  if (keepRequests > 0 && requests.push(kept) > keepRequests) requests.shift();
  const verdict = limit?.ask(message.headers.authorization ?? '');
  for (const [name, value] of Object.entries(verdict?.headers ?? {})) response.setHeader(name, value);
  const refused = refusal(kept, play) ?? verdict?.refusal;
  if (refused !== undefined) send(response, refused);
  else perform(request, response, play, log);
}

function keyRefusal(headers: IncomingMessage['headers'], { script }: Play): WireAnswer | undefined {
  if (script.apiKey === undefined || headers.authorization === `Bearer ${script.apiKey}`) return undefined;
  const said = `Incorrect API key provided: ${headers.authorization ?? 'none'}.`;
  return error(401, 'invalid_api_key', 'invalid_request_error', said);
}

function refusal({ headers, request }: KeptRequest, play: Play): WireAnswer | undefined {
  const { script } = play;
  const refused = keyRefusal(headers, play);
  if (refused !== undefined) return refused;
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
  // An answer that cannot be used is asked for again by right: its id names the call, and not only the work.
  const id = whole ? key : `${key}|${call.number}`;
  const about = { id, model: request.model, promptCharacters, retryAfter: play.script.retryAfter };
  const answer = () => {
    if (response.destroyed) return;
    const lookUp = whole ? play.lookUp(call) : undefined;
    const wire = wireAnswer(fault, () => lookUp ?? play.content(call), about);
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
  Readonly<{
    embedded: readonly EmbeddingRequest[];
    paidTwice: readonly string[];
    works: Readonly<Record<string, WorkCalls>>;
  }>;

function stats({ log, embeddings }: State): ScriptedLlmStats {
  return {
    embedded: embeddings.requests,
    ...log.counts,
    paidTwice: log.paidTwice(),
    works: Object.fromEntries(log.works),
  };
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
