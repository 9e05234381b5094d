import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** SIGKILL to a random worker. Another takes its place, or it starts again where it was, with its journal. */
export class KillWorker implements Fault {
  readonly name = 'kill -9 of a worker';
  readonly #then: 'another' | 'itself';

  constructor(then: 'another' | 'itself' = 'another') {
    this.#then = then;
  }

  async strike(trial: Trial): Promise<void> {
    const { fleet } = trial;
    const victim = fleet.living[Math.floor(trial.random() * fleet.living.length)];
    if (victim === undefined) throw new Error('nobody is left to be killed');
    // Calls that are cut off, and what waits in the journal of one that never starts again.
    trial.allowRepeats(2 * trial.callsAtOnce);
    await fleet.end(victim, 'SIGKILL');
    await fleet.startAtWork({ data: this.#then === 'itself' ? victim.data : undefined });
  }
}
