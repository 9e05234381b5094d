import { join } from 'node:path';
import { lentCommand } from '../servers/on-servers.ts';
import { type Child, type ChildOptions, type Exit, startNode } from './child.ts';

/** The built command: from the source each start would take twice the time. */
export const MAIN = join(await lentCommand(), 'dist/cli/bin.js');

/** `millrace ARGS` as a process of its own, at work. */
export function startMillrace(args: readonly string[], options: ChildOptions = {}): Child {
  return startNode([MAIN, ...args], options);
}

export type Ended = Exit & Readonly<{ stdout: string; stderr: string }>;

/** `millrace ARGS` from start to end. */
export async function millrace(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return ended(startMillrace(args, options));
}

export async function ended(child: Child): Promise<Ended> {
  const exit = await child.exited;
  return { ...exit, stdout: child.stdout(), stderr: child.stderr() };
}
