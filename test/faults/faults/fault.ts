import type { Trial } from '../trial.ts';

/** Something that goes wrong, once, and is over when `strike` resolves. */
export type Fault = Readonly<{ name: string; strike(trial: Trial): Promise<void> }>;

/** How long something lasts: the one thing here that no fact can tell. */
export function lasting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
