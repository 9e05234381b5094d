import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const WEB = fileURLToPath(new URL('../../../web', import.meta.url));

/**
 * Lends servers and the built page to the test files of one run: the first file that asks for a kind has it started, all share it,
 * and it ends with the run. The process that runs this outlives the workers that run the files.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<SharedServer>>();
  const lend = (kind: Kind) => {
    const server = started.get(kind) ?? findServer(kind);
    started.set(kind, server);
    return server;
  };
  const page = builtOnce();
  const lent = (path: string | undefined) => {
    if (path === '/page') return page.built();
    return lend(path === '/kafka' ? 'kafka' : 'mongo');
  };
  const desk = createServer((request, response) => {
    void answer(response, lent(request.url));
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('no port to lend servers on');
  project.provide('serversUrl', `http://127.0.0.1:${address.port}`);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await page.remove();
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
  };
}

/** The page in a directory of its own, whose path is its address. */
function builtOnce() {
  let building: Promise<{ address: string }> | undefined;
  const make = async () => {
    const { build } = await import('vite');
    const address = await mkdtemp(join(tmpdir(), 'millrace-test-page-'));
    await build({ root: WEB, logLevel: 'warn', build: { outDir: address } });
    return { address };
  };
  return {
    built: () => (building ??= make()),
    remove: async () => {
      const made = await building?.catch(() => undefined);
      if (made !== undefined) await rm(made.address, { recursive: true, force: true });
    },
  };
}

async function answer(response: ServerResponse, lent: Promise<Pick<SharedServer, 'address'>>): Promise<void> {
  const found = await lent.then(
    ({ address }) => ({ address }),
    (error: unknown) => ({ missing: error instanceof Error ? error.message : String(error) }),
  );
  response.end(JSON.stringify(found));
}
