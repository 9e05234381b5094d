import { NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StopController } from '../../../src/features/run/session/stop-controller.ts';
import { untilOver } from '../../../src/features/run/until-over.ts';
import type { BudgetState } from '../../../src/streams/budget/budget.ts';
import { onAbort } from '../../../src/streams/stop.ts';

const SPENT: BudgetState = { kind: 'spent', scope: 'run' };

function sessionOf(states: BudgetState[] = []) {
  const stop = new StopController();
  const budget = { states: states.length === 0 ? NEVER : of(...states) };
  return { stop, budget, broken: new Promise<never>(() => undefined) };
}

/** Work that a stop ends, at once. */
function untilStopped({ stop }: ReturnType<typeof sessionOf>): Promise<void> {
  return new Promise((resolve) => onAbort(stop.signals.draining, resolve));
}

describe('work of a session', () => {
  it('that a stop has ended is interrupted, however soon it ends', async () => {
    const session = sessionOf();
    const over = untilOver(session, untilStopped(session));
    session.stop.drain();
    expect(await over).toEqual({ interrupted: true, budgetSpent: undefined });
  });

  it('that a used-up budget has ended is interrupted, and the budget is named', async () => {
    const session = sessionOf([SPENT]);
    expect(await untilOver(session, untilStopped(session))).toEqual({
      interrupted: true,
      budgetSpent: 'run',
    });
  });

  it('that was done before the stop is not, though what comes afterwards is left', async () => {
    const session = sessionOf();
    const afterwards = async () => {
      session.stop.drain();
      return untilStopped(sessionOf());
    };
    expect(await untilOver(session, Promise.resolve(), afterwards)).toEqual({
      interrupted: false,
      budgetSpent: undefined,
    });
  });
});
