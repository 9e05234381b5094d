import { join } from 'node:path';

/** Programs over `millrace ARGS` that mark a moment of it, or kill themselves there. */
const POINTS = [
  'arrival-point',
  'fail-point',
  'mark-arrivals',
  'search-arrival-point',
  'step-point',
  'vector-arrival-point',
  'vector-point',
] as const;
export type Point = (typeof POINTS)[number];

/** What the bundler makes of one, under `dist`. */
export const bundledPoint = (point: Point): string => `points/${point}`;

/** Their source, by what it becomes under `dist`. */
export function pointFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    POINTS.map((point) => [bundledPoint(point), join(import.meta.dirname, `${point}.ts`)]),
  );
}
