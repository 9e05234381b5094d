import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpExchange } from '../../../../../src/infra/models/openai/transport/http-exchange.ts';

let server: Server;
let proxy: Server;
let through: string[];

function portOf(of: Server): number {
  const address = of.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function listening(of: Server): Promise<void> {
  return new Promise((resolve) => of.listen(0, '127.0.0.1', resolve));
}

beforeEach(async () => {
  through = [];
  server = createServer((_, response) => response.end('from the server'));
  proxy = createServer();
  proxy.on('connect', (request, socket) => {
    through.push(request.url ?? '');
    const upstream = connect(portOf(server), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => upstream.destroy());
  });
  proxy.on('request', (request, response) => {
    through.push(request.url ?? '');
    response.end('from the server');
  });
  await listening(server);
  await listening(proxy);
  for (const name of ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'])
    vi.stubEnv(name, '');
  vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const each of [server, proxy]) {
    each.closeAllConnections();
    each.close();
  }
});

async function asked(origin: string): Promise<string> {
  const signal = new AbortController().signal;
  const { text } = await httpExchange()({
    method: 'GET',
    origin,
    path: '/v1/models',
    headers: {},
    signal,
    timeoutMs: 30_000,
  });
  return text;
}

describe('an exchange', () => {
  it('goes through the proxy that the environment names, to a host that only the proxy knows', async () => {
    await expect(asked('http://models.corp.invalid')).resolves.toBe('from the server');
    expect(through).toHaveLength(1);
  });

  it('goes to a server of this machine, and to what NO_PROXY names, directly', async () => {
    await expect(asked(`http://127.0.0.1:${portOf(server)}`)).resolves.toBe('from the server');
    vi.stubEnv('no_proxy', 'models.corp.invalid');
    await expect(asked('http://models.corp.invalid')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(through).toEqual([]);
  });
});
