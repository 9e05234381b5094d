import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { healthRoutes } from '../../../src/features/serve/http/health-routes.ts';
import { startHttpServer } from '../../../src/infra/http/server.ts';
import { until } from '../../support/until.ts';

const CONNECTIONS = 20;

async function crowded() {
  const told: string[] = [];
  const { address, close } = await startHttpServer({
    ...{ port: 0, host: '127.0.0.1', token: undefined, version: '0.0.0' },
    routes: healthRoutes(() => []),
    limits: { connections: CONNECTIONS },
    onCrowded: (from) => told.push(from),
  });
  onTestFinished(close);
  const { hostname, port } = new URL(address);
  const open = async (first: string): Promise<Socket> => {
    const socket = connect({ host: hostname, port: Number(port) });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    // Its end is seen once what came before is read.
    socket.resume();
    if (first !== '') socket.write(first);
    return socket;
  };
  return { address, open, told };
}

const KEPT_ALIVE = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';

it.each([
  ['on which nothing was asked', ''],
  ['that are slow to ask', 'GET /livez HTTP/1.1\r\nHo'],
  ['that asked before', KEPT_ALIVE],
])('connections %s, however many, lock nobody out, and are told of once', async (_, first) => {
  const { address, open, told } = await crowded();
  const squatters: Socket[] = [];
  for (let index = 0; index < 5 * CONNECTIONS; index += 1) squatters.push(await open(first));
  const asked = await fetch(`${address}/livez`, { headers: { connection: 'close' } });
  expect(asked.status).toBe(200);
  await until(
    'the oldest made room',
    () => squatters[0]?.closed === true || squatters[0]?.readableEnded === true,
  );
  expect(told).toEqual(['127.0.0.1']);
});
