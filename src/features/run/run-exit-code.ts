import { EXIT } from '../../infra/terminal/exit-code.ts';
import type { RunSummary } from './run.ts';
import { isReached } from './target/target.ts';

/**
 * How a run ends: the first that fits of the codes in `EXIT`.
 *
 * @param nothing no example came of what was asked.
 */
export function runExitCode(summary: RunSummary, nothing: boolean): number {
  const { interrupted, open, questions, counts, redriven, budgetSpent, target } = summary;
  if (interrupted || open > 0) return budgetSpent === undefined ? EXIT.interrupted : EXIT.budgetSpent;
  if (nothing && questions > 0 && counts.held === 0) return EXIT.noExample;
  if (target !== undefined) return isReached(target) ? EXIT.ok : EXIT.targetMissed;
  return counts.dead_lettered > 0 || (redriven?.open ?? 0) > 0 ? EXIT.someDead : EXIT.ok;
}
