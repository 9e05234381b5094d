import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BenchCase, Figure } from '../bench-case.ts';
import { cleanEnvironment } from '../support/cli.ts';
import { packedCommand } from '../support/packed.ts';
import { writeQuestions } from '../support/questions.ts';
import { median } from '../support/statistics.ts';
import { workspace } from '../support/workspace.ts';

const BARE_LOOP = fileURLToPath(new URL('../bare-loop.ts', import.meta.url));
const REPEATS = 9;
const MOST_SECONDS = 0.3;

const addressSchema = z.object({ port: z.number() });

/** From the start of the process to the arrival of its first call, of the packed package in an empty folder. */
export const start: BenchCase = {
  name: 'start',
  title: '(m) start of the packed command, embedded engine, in an empty folder',
  minutes: 0.3,
  async run(say) {
    using space = workspace();
    say('build and pack');
    const command = await packedCommand(space);
    await using server = await listening();
    const [ours, bare]: [number[], number[]] = [[], []];
    say('the first start after the installation');
    const first = await secondsToFirstCall(server, command, runArgs(server.url));
    for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
      say(`run ${repeat} of ${REPEATS}`);
      ours.push(await secondsToFirstCall(server, command, runArgs(server.url)));
      bare.push(await secondsToFirstCall(server, BARE_LOOP, [server.url, '1', '1']));
    }
    return figuresOf(first, ours, bare);
  },
};

const runArgs = (url: string) => ['run', 'questions.jsonl', '--base-url', url, '--quiet'];

type Listening = AsyncDisposable & Readonly<{ url: string; called(): Promise<void> }>;

/** A server that tells of the next call and refuses it in a way that ends the caller. */
async function listening(): Promise<Listening> {
  let next = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    next.resolve();
    response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = addressSchema.parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/v1`,
    called: () => {
      next = Promise.withResolvers<void>();
      return next.promise;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function secondsToFirstCall(
  server: Listening,
  script: string,
  args: readonly string[],
): Promise<number> {
  using space = workspace();
  await writeQuestions(space.path('questions.jsonl'), 1);
  const called = server.called();
  const startMs = performance.now();
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    cwd: space.directory,
    env: cleanEnvironment(),
    stdio: 'ignore',
  });
  const gone = once(child, 'close');
  await Promise.race([called, gone.then(() => Promise.reject(new Error(`${script} ended without a call`)))]);
  const seconds = (performance.now() - startMs) / 1_000;
  await gone;
  return seconds;
}

function figuresOf(first: number, ours: readonly number[], bare: readonly number[]): Figure[] {
  return [
    {
      name: 'first call after start',
      unit: 's',
      target: { most: MOST_SECONDS },
      value: median(ours),
      runs: ours,
    },
    { name: 'the same, the very first time after the installation', unit: 's', value: first },
    { name: 'bare loop: first call after start', unit: 's', value: median(bare), runs: bare },
    { name: 'first call after start / bare loop', unit: 'x', value: median(ours) / median(bare) },
  ];
}
