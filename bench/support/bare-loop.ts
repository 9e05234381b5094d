import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readUsage, USAGE_PRELOAD, type Usage } from './usage.ts';
import { workspace } from './workspace.ts';

const BARE_LOOP = fileURLToPath(new URL('../bare-loop.ts', import.meta.url));

const execute = promisify(execFile);
const outputSchema = z.object({ seconds: z.number() });

/** Runs the hand-written loop as a process of its own; `seconds` are from its first call to its last answer. */
export async function runBareLoop(
  baseUrl: string,
  questions: number,
  batchSize: number,
): Promise<Readonly<{ seconds: number; usage: Usage }>> {
  using space = workspace();
  const usagePath = space.path('usage.json');
  const command = ['--import', USAGE_PRELOAD, BARE_LOOP, baseUrl, `${questions}`, `${batchSize}`];
  const env = { ...process.env, MILLRACE_BENCH_USAGE: usagePath };
  const { stdout } = await execute(process.execPath, command, { env });
  const usage = readUsage(usagePath);
  if (usage === undefined) throw new Error('The bare loop left no figures.');
  return { seconds: outputSchema.parse(JSON.parse(stdout)).seconds, usage };
}
