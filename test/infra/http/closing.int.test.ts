import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type HealthReason, healthRoutes } from '../../../src/features/serve/http/health-routes.ts';
import type { Route } from '../../../src/infra/http/route.ts';
import { startHttpServer } from '../../../src/infra/http/server.ts';
import { until } from '../../support/until.ts';

function slowRoute() {
  const gate = Promise.withResolvers<object>();
  const state = { asked: 0 };
  const route: Route = {
    method: 'GET',
    path: '/slow',
    summary: 'Slow.',
    replies: {},
    answer: () => {
      state.asked += 1;
      return gate.promise;
    },
  };
  return { gate, state, route };
}

const common = { port: 0, host: '127.0.0.1', token: undefined, version: '0.0.0' };

it('lets requests at work finish when it closes, and takes no more', async () => {
  const { gate, state, route } = slowRoute();
  const server = await startHttpServer({ ...common, routes: [route] });
  const asked = fetch(`${server.address}/slow`);
  await until('it is at work', () => state.asked === 1);
  const closed = server.close();
  await until('it takes no more', () =>
    fetch(`${server.address}/slow`).then(
      ({ status }) => status === 503,
      () => true,
    ),
  );
  gate.resolve({ done: true });
  expect(await (await asked).json()).toEqual({ done: true });
  await closed;
});

it('does not wait for a connection on which nothing was asked', async () => {
  const { route } = slowRoute();
  // Who waited for it would not be back today.
  const server = await startHttpServer({ ...common, routes: [route], limits: { closeMs: 86_400_000 } });
  const { hostname, port } = new URL(server.address);
  const unused = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void unused.destroy());
  const ended = once(unused, 'close');
  unused.on('error', () => undefined);
  await once(unused, 'connect');
  // Known to the server only once it has looked.
  await (await fetch(`${server.address}/v1/openapi.json`)).text();
  await server.close();
  await ended;
});

it('cuts off what does not finish', async () => {
  const { state, route } = slowRoute();
  const server = await startHttpServer({ ...common, routes: [route], limits: { closeMs: 20 } });
  const asked = fetch(`${server.address}/slow`).then(
    () => 'answered',
    () => 'cut off',
  );
  await until('it is at work', () => state.asked === 1);
  await server.close();
  expect(await asked).toBe('cut off');
});

it('says whether it is alive and ready, and why not', async () => {
  const waiting = { code: 'no_partitions_yet', subject: 'research', text: 'No partitions yet: research.' };
  let reasons: readonly HealthReason[] = [waiting];
  const routes = healthRoutes(() => reasons);
  const server = await startHttpServer({ ...common, routes });
  const ask = async (path: string) => {
    const response = await fetch(`${server.address}${path}`);
    return [response.status, await response.json()];
  };
  expect(await ask('/livez')).toEqual([200, { status: 'ok', reasons: [] }]);
  expect(await ask('/readyz')).toEqual([503, { status: 'no', reasons: [waiting] }]);
  reasons = [];
  expect(await ask('/readyz')).toEqual([200, { status: 'ok', reasons: [] }]);
  await server.close();
});
