import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { writeBundle } from '../../../scripts/write-bundle.ts';
import { pointFiles } from '../process/points.ts';
import type { Kind } from './cluster.ts';
import type { SharedServer } from './containers.ts';
import { findServer } from './find-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for a server. */
    serversUrl: string;
    /** The directory in which the processes of the tests find their modules compiled. */
    compileCache: string;
  }
}

const ROOT = join(import.meta.dirname, '../../..');

/**
 * Lends servers, the built page and the built command to the test files of one run: the first file that asks for one has it made, all
 * share it, and it ends with the run. The process that runs this outlives the workers that run the files.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<SharedServer>>();
  const lend = (kind: Kind) => {
    const server = started.get(kind) ?? findServer(kind);
    started.set(kind, server);
    return server;
  };
  const page = builtOnce(buildPage);
  const command = builtOnce(buildCommand);
  const lent = (path: string | undefined) => {
    if (path === '/page') return page.built();
    if (path === '/command') return command.built();
    return lend(path === '/kafka' ? 'kafka' : 'mongo');
  };
  const desk = createServer((request, response) => {
    void answer(response, lent(request.url));
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('no port to lend servers on');
  project.provide('serversUrl', `http://127.0.0.1:${address.port}`);
  const compileCache = await mkdtemp(join(tmpdir(), 'millrace-test-compiled-'));
  project.provide('compileCache', compileCache);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await Promise.all([page.remove(), command.remove(), rm(compileCache, { recursive: true, force: true })]);
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
  };
}

/** Fills a directory of its own, whose path is its address, when it is first asked for. */
function builtOnce(fill: (directory: string) => Promise<void>) {
  let building: Promise<{ address: string }> | undefined;
  const make = async () => {
    const address = await mkdtemp(join(tmpdir(), 'millrace-test-built-'));
    await fill(address);
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

async function buildPage(directory: string): Promise<void> {
  const { build } = await import('vite');
  await build({ root: join(ROOT, 'web'), logLevel: 'warn', build: { outDir: directory } });
}

/** The package as it is installed, but for the page and the types; and beside its command those that kill themselves. */
async function buildCommand(directory: string): Promise<void> {
  await copyFile(join(ROOT, 'package.json'), join(directory, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  await writeBundle(join(directory, 'dist'), pointFiles());
  // Some tests start it as another user.
  await chmod(directory, 0o755);
}

async function answer(response: ServerResponse, lent: Promise<Pick<SharedServer, 'address'>>): Promise<void> {
  const found = await lent.then(
    ({ address }) => ({ address }),
    (error: unknown) => ({ missing: error instanceof Error ? error.message : String(error) }),
  );
  response.end(JSON.stringify(found));
}
