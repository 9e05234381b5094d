import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** Waits for the moment at which one call alone is still out and every other question has ended. */
export class SlowQuestion implements Fault {
  readonly name = 'one slow call';

  async strike(trial: Trial): Promise<void> {
    await until(
      'every other question ends',
      async () => ((await trial.look())?.ended ?? 0) >= trial.expected - 1,
      300_000,
    );
    expect((await trial.model.stats()).faults['slow']).toBe(1);
  }
}
