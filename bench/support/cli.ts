import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { USAGE_PRELOAD } from './usage.ts';

/** `MILLRACE_BENCH_BIN=dist/cli/bin.js` measures the built package instead of the source. */
const BIN = resolve(
  process.env['MILLRACE_BENCH_BIN'] ?? fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url)),
);
const LIMIT_MS = 900_000;

export type CliOptions = Readonly<{
  directory: string;
  /** Where the process leaves what it used. */
  usagePath: string;
  env?: Readonly<Record<string, string>>;
}>;

/** Starts the real CLI as a user would, with the flags of node that its first line names. */
export function startCli(args: readonly string[], { directory, usagePath, env }: CliOptions): ChildProcess {
  return spawn(process.execPath, [...shebangFlags(), '--import', USAGE_PRELOAD, BIN, ...args], {
    cwd: directory,
    env: { ...cleanEnvironment(), MILLRACE_BENCH_USAGE: usagePath, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
}

/** Node's flags in a first line like `#!/usr/bin/env -S node --flag`. */
function shebangFlags(): readonly string[] {
  const [first = ''] = readFileSync(BIN, 'utf8').split('\n', 1);
  return first.split(/\s+/).filter((word) => word.startsWith('--'));
}

/** Without keys, settings and node options of whoever runs the benchmarks. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const strange = /^(?:MILLRACE_|OPENAI_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
}
