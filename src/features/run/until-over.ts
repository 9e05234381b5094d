import type { Budget, BudgetScope } from '../../streams/budget/budget.ts';
import { untilSpent } from './progress/run-budget.ts';
import type { Session } from './session/session.ts';

/** How work came to be over. */
export type Over = Readonly<{
  /** The session was stopped before the work was done. */
  interrupted: boolean;
  /** The budget that stopped it. */
  budgetSpent: BudgetScope | undefined;
}>;

/**
 * Waits until the work is done, or the session is stopped, which a budget without room does too. Rejects with the
 * Failure that broke the session.
 *
 * @param afterwards is waited for when the work is done, unless the session is stopped meanwhile.
 */
export async function untilOver(
  { budget, stop, broken }: Pick<Session, 'stop' | 'broken'> & Readonly<{ budget: Pick<Budget, 'states'> }>,
  work: Promise<void>,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<Over> {
  let worked = false;
  const working = work.then(() => {
    // Work that a stop ends, as the wait of a replay, is not done.
    worked = !stop.signals.draining.aborted;
    return afterwards();
  });
  working.catch(() => undefined);
  let budgetSpent: BudgetScope | undefined;
  const spent = untilSpent(budget).then((scope) => {
    budgetSpent = scope;
    stop.drain();
  });
  await Promise.race([working, stop.untilDraining(), broken, spent]);
  const interrupted = stop.signals.draining.aborted && !worked;
  return { interrupted, budgetSpent: interrupted ? budgetSpent : undefined };
}

/** Resolves when the stages of a session that was stopped have ended. */
export async function untilDrained({ stages }: Pick<Session, 'stages'>): Promise<void> {
  await Promise.allSettled([...stages.values()].map(({ done }) => done));
}
