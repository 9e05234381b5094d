import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { ChatRequest } from '../../../../stages/agent/chat-model.ts';
import { environmentVariable, withoutProxy } from '../../../config/environment-variable.ts';
import { TextHandler } from './text-handler.ts';
import type { TextReply } from './text-reply.ts';
import { MAX_REPLY_BYTES } from './unpack.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Node's own. Left to undici it would load all of Node's `http` to ask for it. */
const MAX_HEADER_BYTES = 16_384;
const AGENT_OPTIONS = {
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: MAX_HEADER_BYTES,
  connect: { timeout: CONNECT_TIMEOUT_MS },
  maxResponseSize: MAX_REPLY_BYTES,
};

type HttpRequest = Readonly<{
  method: 'GET' | 'POST';
  /** Such as `https://api.openai.com`. */
  origin: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** From the call to the last byte; beyond it the exchange rejects with `TimedOut`. */
  timeoutMs: number;
  /** Hears the body of an answer of success in the very turn in which its last byte is read, and before anybody else. */
  onBody?: ChatRequest['onBody'];
}>;

/** Sends a request and reads the answer to its end, whatever its status. */
export type HttpExchange = (request: HttpRequest) => Promise<TextReply>;

/**
 * An exchange over undici's dispatcher: a third of the CPU time of the built-in `fetch`, which alone takes 20 ms to load,
 * and without its limit of 300 s for the headers to come. The body is read to its end before it resolves, so one signal
 * covers the whole exchange. It follows no redirect, and rejects with undici's own errors or with the signal's reason.
 */
export function httpExchange(): HttpExchange {
  const proxied = hasProxy() ? viaProxy(AGENT_OPTIONS) : undefined;
  const direct = new Agent(AGENT_OPTIONS);
  return ({ signal, timeoutMs, onBody, body = null, ...rest }) =>
    new Promise((resolve, reject) => {
      const handler = new TextHandler({ signal, timeoutMs, onBody }, resolve, reject);
      const send = (dispatcher: Dispatcher) => dispatcher.dispatch({ ...rest, body }, handler);
      if (proxied === undefined) send(direct);
      else proxied.then(send).catch(reject);
    });
}

/** The variables that curl, git, npm and Python read; the small names go first. */
function hasProxy(): boolean {
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
  return names.some((name) => environmentVariable(name) !== undefined);
}

/** Through the proxies of the environment, except for what `NO_PROXY` names and for servers of this machine, which no proxy reaches. */
async function viaProxy(options: Agent.Options): Promise<Dispatcher> {
  const { default: EnvHttpProxyAgent } = await import('undici/lib/dispatcher/env-http-proxy-agent.js');
  return new EnvHttpProxyAgent({ ...options, noProxy: withoutProxy() });
}
