import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

/** SIGSTOP to a random worker for longer than its lease and its session, then SIGCONT: a zombie. */
export class StopWorker implements Fault {
  readonly name = 'SIGSTOP beyond lease and session';
  readonly #stoppedMs: number;

  constructor(stoppedMs: number) {
    this.#stoppedMs = stoppedMs;
  }

  async strike(trial: Trial): Promise<void> {
    const { fleet } = trial;
    const victim = fleet.living[Math.floor(trial.random() * fleet.living.length)];
    if (victim === undefined) throw new Error('nobody is left to be stopped');
    // The others make again what it had in flight; on a busy machine one of them may be kept from renewing that long too.
    trial.allowRepeats(2 * trial.callsAtOnce);
    victim.kill('SIGSTOP');
    await lasting(this.#stoppedMs);
    victim.kill('SIGCONT');
  }
}
