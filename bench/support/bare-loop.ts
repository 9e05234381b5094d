import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Site } from './servers.ts';
import { readUsage, USAGE_PRELOAD, type Usage } from './usage.ts';
import { workspace } from './workspace.ts';

const execute = promisify(execFile);
const outputSchema = z.object({ seconds: z.number() });

export type BareRun = Readonly<{ seconds: number; wallSeconds: number; usage: Usage }>;

/**
 * Runs the hand-written loop as a process of its own; `seconds` are from its first call to its last answer, and
 * `wallSeconds` from the start of the process to its end.
 */
export function runBareLoop(
  baseUrl: string,
  questions: number,
  batchSize: number,
  attempts = 1,
): Promise<BareRun> {
  return run('bare-loop.ts', [baseUrl, `${questions}`, `${batchSize}`, `${attempts}`]);
}

/** Copies so many records through five topics in a row; `seconds` are from the first copy to the last. */
export function runKafkaCopyLoop({ kafka, namespace }: Site, records: number): Promise<BareRun> {
  return run('kafka-copy-loop.ts', [kafka, `${namespace}-copy`, `${records}`]);
}

async function run(script: string, args: readonly string[]): Promise<BareRun> {
  using space = workspace();
  const usagePath = space.path('usage.json');
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const env = { ...process.env, MILLRACE_BENCH_USAGE: usagePath };
  const startMs = performance.now();
  const { stdout } = await execute(process.execPath, ['--import', USAGE_PRELOAD, path, ...args], { env });
  const wallSeconds = (performance.now() - startMs) / 1_000;
  const usage = readUsage(usagePath);
  if (usage === undefined) throw new Error(`${script} left no figures.`);
  return { seconds: outputSchema.parse(JSON.parse(stdout)).seconds, wallSeconds, usage };
}
