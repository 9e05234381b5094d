import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { USAGE_PRELOAD } from './usage.ts';

/** The command as it is written, for a case that replaces one of its modules. */
export const SOURCE_BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
/** `MILLRACE_BENCH_BIN=dist/cli/bin.js` measures the built package instead of the source. */
const BIN = resolve(process.env['MILLRACE_BENCH_BIN'] ?? SOURCE_BIN);
/** For whoever reads figures: the source needs a third more memory and a longer start, to strip its types. */
export const MEASURED = BIN === SOURCE_BIN ? 'the source, not the built package' : 'the built package';
const LIMIT_MS = 900_000;

export type CliOptions = Readonly<{
  directory: string;
  /** Where the process leaves what it used. */
  usagePath: string;
  env?: Readonly<Record<string, string>>;
  /** Another command than the one that is measured. */
  bin?: string | undefined;
}>;

/** Starts the real CLI as a user would, with the flags of node that its first line names. */
export function startCli(args: readonly string[], options: CliOptions): ChildProcess {
  const { directory, usagePath, env, bin = BIN } = options;
  return spawn(process.execPath, [...shebangFlags(bin), '--import', USAGE_PRELOAD, bin, ...args], {
    cwd: directory,
    env: { ...cleanEnvironment(), MILLRACE_BENCH_USAGE: usagePath, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
}

/** Node's flags in a first line like `#!/usr/bin/env -S node --flag`. */
function shebangFlags(bin: string): readonly string[] {
  const [first = ''] = readFileSync(bin, 'utf8').split('\n', 1);
  return first.split(/\s+/).filter((word) => word.startsWith('--'));
}

/** Without keys, settings and node options of whoever runs the benchmarks. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const strange = /^(?:MILLRACE_|OPENAI_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
}
