import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, onTestFinished } from 'vitest';
import { watchFlow } from '../../../src/features/flow/watch-flow.ts';
import { servedRoutes } from '../../../src/features/serve/http/served-routes.ts';
import { finderOf, talliesIn } from '../../../src/infra/documents/index/of-settings.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import type { Route } from '../../../src/infra/http/route.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { served } from '../http/served.ts';
import { startMillrace } from '../process/millrace.ts';
import { lentPage } from '../servers/on-servers.ts';
import { testStop } from '../stage/stop-signals.ts';
import { tempDir } from '../temp-dir.ts';

export const QUESTIONS = 40;
export const NAMESPACE = 'millrace-simulated';
export const PATIENCE = { timeout: 60_000 };
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The page, built once for all files of the run: the directory that it is in, not to be changed. */
export function builtPage(): () => string {
  let directory = '';
  beforeAll(async () => {
    directory = await lentPage();
  });
  return () => directory;
}

/** A simulated run at work, and the page beside it. */
export async function atWork(built: string, flags: readonly string[] = [], token?: string) {
  const cwd = await tempDir();
  const write = async (from: number, count: number) => {
    const lines = Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        question: `What is question number ${from + index} about?`,
        topic: `topic ${index % 3}`,
      }),
    );
    await writeFile(join(cwd, 'questions.jsonl'), lines.join('\n'));
  };
  await write(0, QUESTIONS);
  const args = [
    'run',
    'questions.jsonl',
    '--simulate',
    'latency=100ms',
    '--min-score',
    '1',
    '--quiet',
    ...flags,
  ];
  const run = startMillrace(args, { cwd });
  const engine = await openEmbedded({ data: join(cwd, '.millrace'), namespace: NAMESPACE, mode: 'append' });
  onTestFinished(() => engine.close());
  const { store, log } = engine;
  const place = { data: join(cwd, '.millrace'), namespace: 'millrace' };
  const finder = await finderOf(place);
  onTestFinished(() => finder.close());
  const flow = watchFlow({ log, store, lane: MAIN_LANE, namespace: NAMESPACE, simulated: true });
  const stop = testStop().signals.draining;
  const routes = await servedRoutes({
    ...{ store, log, stop, flow, simulated: true },
    ...{ namespace: NAMESPACE, page: built },
    sources: { tallies: () => talliesIn(place), finder },
  });
  let streams = 0;
  const counted = routes.map((route) =>
    route.path === '/v1/events' ? countedWhileOpen(route, (by) => (streams += by)) : route,
  );
  const { address } = await served({ engine, routes: counted, ...(token === undefined ? {} : { token }) });
  onTestFinished(() => flow.stop());
  /** So many further questions. */
  const runAgain = async (more: number) => {
    await write(QUESTIONS, more);
    return startMillrace(args, { cwd });
  };
  return { address, run, store, runAgain, cwd, streams: () => streams };
}

function countedWhileOpen(route: Route, add: (by: 1 | -1) => void): Route {
  return {
    ...route,
    answer: (request, reply, asker) => {
      add(1);
      request.raw.socket.once('close', () => add(-1));
      return route.answer(request, reply, asker);
    },
  };
}

type Found = Readonly<{ id: string; impact?: string | null; nodes: readonly Readonly<{ html: string }>[] }>;

/** By axe-core: https://github.com/dequelabs/axe-core. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const violations: readonly Found[] = await page.evaluate('axe.run().then((results) => results.violations)');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
