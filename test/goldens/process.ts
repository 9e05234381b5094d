import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
const run = promisify(execFile);

/** Nothing of who makes them, or of where, may show in what is kept. */
const environment = () => ({ PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', TZ: 'UTC', LANG: 'C' });

/** `millrace ARGS` to its end. Rejects with all that it said where it fails. */
export async function ended(directory: string, ...args: readonly string[]): Promise<void> {
  await run(process.execPath, [BIN, ...args], {
    cwd: directory,
    env: { ...environment(), HOME: directory },
  });
}

/** `millrace ARGS` at work. */
export function started(directory: string, ...args: readonly string[]): ChildProcess {
  const env = { ...environment(), HOME: directory };
  return spawn(process.execPath, [BIN, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
