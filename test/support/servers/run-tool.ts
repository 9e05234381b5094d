import { execFile } from 'node:child_process';
import { Unavailable } from './cluster.ts';

export type ToolOptions = Readonly<{ cwd?: string; env?: NodeJS.ProcessEnv; input?: string }>;

/** Runs a program to its end and gives what it wrote. Throws Unavailable where it is missing or fails. */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { input, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 2 ** 26, ...rest }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else
        reject(new Unavailable(`${command} failed: ${error.message}\n${stdout}${stderr}`, { cause: error }));
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}
