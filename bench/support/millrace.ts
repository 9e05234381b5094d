import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readUsage, USAGE_PRELOAD, type Usage } from './usage.ts';
import type { Workspace } from './workspace.ts';

/** `MILLRACE_BENCH_BIN=dist/cli/bin.js` measures the built package instead of the source. */
const BIN = resolve(
  process.env['MILLRACE_BENCH_BIN'] ?? fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url)),
);
const QUESTIONS = 'questions.jsonl';
const LIMIT_MS = 900_000;

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
export function startMillrace(space: Workspace, baseUrl: string, flags: readonly string[]): Running {
  const { questions, out } = places(space);
  const usagePath = space.path('usage.json');
  const where = ['--base-url', baseUrl, '--data', join(space.directory, 'data'), '--out', out];
  const command = ['run', questions, ...where, '--max-revisions', '0', '--json', '--quiet', ...flags];
  const startedAtMs = Date.now();
  const child = spawn(process.execPath, [...shebangFlags(), '--import', USAGE_PRELOAD, BIN, ...command], {
    cwd: space.directory,
    env: { ...cleanEnvironment(), MILLRACE_BENCH_USAGE: usagePath },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  return {
    startedAtMs,
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
): Promise<Ended & Readonly<{ startedAtMs: number; usage: Usage }>> {
  const { startedAtMs, ended } = startMillrace(space, baseUrl, flags);
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

/** Node's flags in a first line like `#!/usr/bin/env -S node --flag`. */
function shebangFlags(): readonly string[] {
  const [first = ''] = readFileSync(BIN, 'utf8').split('\n', 1);
  return first.split(/\s+/).filter((word) => word.startsWith('--'));
}

/** Without keys, settings and node options of whoever runs the benchmarks. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const strange = /^(?:MILLRACE_|OPENAI_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
}
