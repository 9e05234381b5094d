import { join } from 'node:path';
import { lentCommand } from '../servers/on-servers.ts';
import { type Child, type ChildOptions, type Exit, startNode } from './child.ts';
import { bundledPoint, type Point } from './points.ts';

const DIST = join(await lentCommand(), 'dist');

/** The built command: from the source each start would take twice the time. */
export const MAIN = join(DIST, 'cli/bin.js');

/** A built program over the command. */
export const programOf = (point: Point): string => join(DIST, `${bundledPoint(point)}.js`);

export const ARRIVAL_POINT = programOf('arrival-point');
export const MARK_ARRIVALS = programOf('mark-arrivals');
export const VECTOR_ARRIVAL_POINT = programOf('vector-arrival-point');

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
