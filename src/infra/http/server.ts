import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { errorText, Failure } from '../../streams/failure.ts';
import { AllowedMethods } from './allowed-methods.ts';
import { type BearerAuth, bearerAuth } from './bearer-auth.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { ConnectionShares, type OnCrowded } from './connection-shares.ts';
import { answerUnchanged } from './etag.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { checkHost, checkOrigin, isLoopback } from './loopback.ts';
import { openApiOf } from './openapi.ts';
import { asHttpProblem, HttpProblem, PROBLEM_TYPE, problemBody } from './problem.ts';
import { QuietConnections } from './quiet-connections.ts';
import type { Caller, Route } from './route.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { type OnWrongTokens, WrongTokens } from './wrong-tokens.ts';

export type HttpServerOptions = Readonly<{
  port: number;
  host: string;
  /** The flags that name both, for messages. */
  flags?: Readonly<{ port: string; host: string }>;
  /** What a request has to bring, for every route that is not open. */
  token: string | undefined;
  /** The token was made here and not chosen, so no proxy stands in between: pages of other origins are refused as well. */
  madeToken?: boolean;
  routes: readonly Route[];
  /** Of Millrace, for the OpenAPI document. */
  version: string;
  limits?: Partial<HttpLimits>;
  /** Hears what went wrong here and not at a client. */
  onProblem?: (problem: HttpProblem, request: string) => void;
  onWrongTokens?: OnWrongTokens;
  onCrowded?: OnCrowded;
}>;

export type HttpServer = Readonly<{
  /** `http://host:port`. */
  address: string;
  /** Takes no new requests, lets those at work finish for a while, and closes. */
  close(): Promise<void>;
}>;

/**
 * Serves the routes, and `/v1/openapi.json` about them. Rejects with a Failure for a port that is taken (`bad_port`) and
 * for an address off loopback without a token where a route needs one (`bad_setting`).
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { port, host, token, version, flags = { port: '--port', host: '--host' } } = options;
  const routes = [
    ...options.routes,
    openApiRoute(options.routes, { version, token: token === undefined ? 'optional' : 'needed' }),
  ];
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const guarded = options.routes.some(({ open }) => open !== true);
  if (token === undefined && guarded && !isLoopback(host)) throw needsToken(host, flags.host);
  const server = composed(limits, options.onProblem ?? (() => undefined));
  const quiet = new QuietConnections(server.server);
  new ConnectionShares(server.server, limits.connections, options.onCrowded ?? (() => undefined));
  answerUnrouted(server, new AllowedMethods(routes));
  // A browser brings no token by itself, so with one a page elsewhere can do no harm; and a proxy, in front of a server whose
  // token was chosen, may change both headers.
  if (token === undefined || options.madeToken === true) {
    if (isLoopback(host)) server.addHook('onRequest', async (request) => checkHost(request));
    server.addHook('onRequest', async (request) => checkOrigin(request));
  }
  const wrong = new WrongTokens(options.onWrongTokens ?? (() => undefined));
  const auth = token === undefined ? openTo(host) : bearerAuth(token, wrong);
  for (const route of routes) addRoute(server, route, auth);
  try {
    const address = await server.listen({ port, host });
    return { address, close: () => closed(server, quiet, limits.closeMs).finally(() => wrong.close()) };
  } catch (cause) {
    const message = `Cannot listen on ${host}:${port}: ${errorText(cause)}. Name another ${flags.port}.`;
    throw new Failure('fatal', 'bad_port', message, { cause });
  }
}

/** What comes and goes is checked by zod: fastify's own compilers are not even loaded. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: () => noSchema, buildSerializer: () => noSchema } };

function noSchema(): never {
  throw new Failure('fatal', 'unexpected', 'No route has a schema of fastify.');
}

function composed(limits: HttpLimits, onProblem: NonNullable<HttpServerOptions['onProblem']>) {
  const server = fastify({
    logger: false,
    bodyLimit: limits.jsonBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: limits.parameterCharacters },
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    schemaController: NO_SCHEMAS,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => answerProblem(reply, asHttpProblem(error)),
  });
  server.server.maxHeadersCount = limits.headers;
  server.server.maxConnections = limits.connections;
  server.removeAllContentTypeParsers();
  // A route reads its body itself, after it has looked at who sends it and how much.
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.addHook('onSend', async (request, reply, payload) => answerUnchanged(request, reply, payload));
  server.addHook('onSend', async (_request, reply) => addSecurityHeaders(reply));
  server.addHook('onResponse', async ({ raw }) => {
    if (raw.complete) return;
    // What is still on its way is read and dropped, since a client that is cut off does not see its reply.
    raw.resume();
    setTimeout(() => raw.complete || raw.socket.destroy(), limits.lingerMs).unref();
  });
  server.setErrorHandler((error, request, reply) => {
    const problem = asHttpProblem(error);
    if (problem.status >= 500) onProblem(problem, `${request.method} ${request.routeOptions.url ?? ''}`);
    return answerProblem(reply, problem);
  });
  return server;
}

/** Methods that a path does not take, and paths that are not. */
function answerUnrouted(server: FastifyInstance, allowed: AllowedMethods): void {
  // It would be asked for a body first.
  server.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true });
  server.setNotFoundHandler((request, reply) => {
    const methods = allowed.at(request.url);
    if (methods === undefined) {
      const detail = 'There is nothing here: /v1/openapi.json says what there is.';
      return answerProblem(reply, new HttpProblem(404, 'no_route', detail));
    }
    reply.header('allow', methods);
    const detail = `Expected one of the methods ${methods}, came ${request.method}.`;
    return answerProblem(reply, new HttpProblem(405, 'method_not_allowed', detail));
  });
}

function answerProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const { retryAfterSeconds } = problem.facts;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem)));
}

function addRoute(server: FastifyInstance, { method, path, open, answer }: Route, auth: BearerAuth): void {
  server.route({
    method,
    url: path,
    onRequest: async (request) => {
      if (open !== true) auth.check(request);
    },
    handler: async (request, reply) =>
      answer(request, reply, open === true ? askerOf(request, auth) : 'known'),
  });
}

/** A wrong token counts here too, and keeps nobody from what is open. */
function askerOf(request: FastifyRequest, auth: BearerAuth): Caller {
  try {
    return auth.knows(request) ? 'known' : 'stranger';
  } catch {
    return 'stranger';
  }
}

/** No token is asked for: on loopback everything is told, and off it there is nothing but probes. */
function openTo(host: string): BearerAuth {
  return { check: () => undefined, knows: () => isLoopback(host) };
}

function openApiRoute(
  routes: readonly Route[],
  about: Omit<Parameters<typeof openApiOf>[1], 'title'>,
): Route {
  const route: Route = {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This document.',
    open: true,
    replies: { 200: { description: 'An OpenAPI 3.1 document.' } },
    answer: () => {
      // Most processes are never asked for it.
      document ??= openApiOf([...routes, route], { title: 'Millrace', ...about });
      return document;
    },
  };
  let document: ReturnType<typeof openApiOf> | undefined;
  return route;
}

async function closed(server: FastifyInstance, quiet: QuietConnections, closeMs: number): Promise<void> {
  quiet.close();
  const timer = setTimeout(() => server.server.closeAllConnections(), closeMs);
  await server.close();
  clearTimeout(timer);
}

function needsToken(host: string, flag: string): Failure {
  const message = `Listening on ${host} lets other machines in, so a token is needed: set MILLRACE_HTTP_TOKEN or httpTokenFile (make one with \`openssl rand -hex 32\`), or leave ${flag} out to listen on loopback.`;
  return new Failure('fatal', 'bad_setting', message);
}
