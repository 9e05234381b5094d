import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { TestProject } from 'vitest/node';
import type { Kind } from './cluster.ts';
import type { SharedServer } from './containers.ts';
import { findServer } from './find-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for a server. */
    serversUrl: string;
  }
}

/**
 * Lends servers to the test files of one run: the first file that asks for a kind has it started, all share it, and it
 * ends with the run. The process that runs this outlives the workers that run the files.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<SharedServer>>();
  const lend = (kind: Kind) => {
    const server = started.get(kind) ?? findServer(kind);
    started.set(kind, server);
    return server;
  };
  const desk = createServer((request, response) => {
    void answer(response, request.url === '/kafka' ? lend('kafka') : lend('mongo'));
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('no port to lend servers on');
  project.provide('serversUrl', `http://127.0.0.1:${address.port}`);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
  };
}

async function answer(response: ServerResponse, lent: Promise<SharedServer>): Promise<void> {
  const found = await lent.then(
    ({ address }) => ({ address }),
    (error: unknown) => ({ missing: error instanceof Error ? error.message : String(error) }),
  );
  response.end(JSON.stringify(found));
}
