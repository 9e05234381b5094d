import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startCli } from './cli.ts';
import { readUsage, type Usage } from './usage.ts';
import type { Workspace } from './workspace.ts';

const QUESTIONS = 'questions.jsonl';

const summarySchema = z.object({
  type: z.literal('summary'),
  questions: z.number(),
  open: z.number(),
  counts: z.record(z.string(), z.number()),
  dataset: z.object({ path: z.string(), written: z.number() }),
});

/** What came of `millrace run`. */
export type Ended = Readonly<{
  exitCode: number | null;
  /** From the start of the process to its end. */
  wallSeconds: number;
  summary: z.output<typeof summarySchema> | undefined;
  usage: Usage | undefined;
  stderr: string;
}>;

/** `millrace run` at work. */
export type Running = Readonly<{
  startedAtMs: number;
  /** `undefined` if it could not be started. */
  pid: number | undefined;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}>;

/** Where a run in this workspace keeps its database, its questions and its examples. */
export const places = (space: Workspace) => ({
  database: space.path('data/millrace.db'),
  questions: space.path(QUESTIONS),
  out: space.path('dataset.jsonl'),
});

/** Starts the real CLI on the workspace's questions, with the flags of node that its first line names. */
export function startMillrace(
  space: Workspace,
  baseUrl: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
  bin?: string,
): Running {
  const { questions, out } = places(space);
  const usagePath = space.path('usage.json');
  const where = ['--base-url', baseUrl, '--data', join(space.directory, 'data'), '--out', out];
  const command = ['run', questions, ...where, '--max-revisions', '0', '--json', '--quiet', ...flags];
  const startedAtMs = Date.now();
  const child = startCli(command, { directory: space.directory, usagePath, env, bin });
  return {
    startedAtMs,
    pid: child.pid,
    kill: (signal) => void child.kill(signal),
    ended: endOf(child, startedAtMs, usagePath),
  };
}

/** Resolves when the condition holds; throws if the run ends before. */
export async function untilTrue({ ended }: Running, condition: () => boolean, lookMs: number): Promise<void> {
  let end: Ended | undefined;
  ended.then((value) => {
    end = value;
  });
  while (!condition()) {
    if (end !== undefined) throw new Error(`millrace ended early with ${end.exitCode}: ${end.stderr}`);
    await sleep(lookMs);
  }
}

/** Runs the CLI to its end. Throws if it did not end well. */
export async function runMillrace(
  space: Workspace,
  baseUrl: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
  bin?: string,
): Promise<Ended & Readonly<{ startedAtMs: number; usage: Usage }>> {
  const { startedAtMs, ended } = startMillrace(space, baseUrl, flags, env, bin);
  const end = await ended;
  const { usage } = end;
  if (end.exitCode !== 0 || usage === undefined)
    throw new Error(`millrace ended with ${end.exitCode}: ${end.stderr}`);
  return { ...end, usage, startedAtMs };
}

async function endOf(child: ChildProcess, startedAtMs: number, usagePath: string): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const summary = last === '' ? undefined : summarySchema.parse(JSON.parse(last));
  const wallSeconds = (Date.now() - startedAtMs) / 1_000;
  return { exitCode, wallSeconds, summary, usage: readUsage(usagePath), stderr };
}
