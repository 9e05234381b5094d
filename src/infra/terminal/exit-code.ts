import type { Failure } from '../../streams/failure.ts';

/** What the process says to those who called it. Listed in `millrace run --help`. */
export const EXIT = {
  /** Every question reached an end. */
  ok: 0,
  /** Something broke that needs a person. */
  fatal: 1,
  /** The command, a setting or the input is wrong; nothing was asked. */
  usage: 2,
  /** Every question reached an end, some of them as dead letters. */
  someDead: 3,
  /** The budget is used up; the same command goes on with a new one. */
  budgetSpent: 4,
  /** The questions ended before the target was reached. */
  targetMissed: 5,
  /** Questions were asked, and no example came of them. */
  noExample: 6,
  /** Stopped by Ctrl-C or SIGTERM; the same command goes on. */
  interrupted: 130,
} as const;

const USAGE_CODES =
  /^(?:bad_|config_|input_|hub_|unknown_training_type|unknown_format|nothing_to_redo|no_question)/;

export function exitCodeOf(failure: Failure): number {
  if (failure.code === 'budget_spent') return EXIT.budgetSpent;
  return USAGE_CODES.test(failure.code) ? EXIT.usage : EXIT.fatal;
}
