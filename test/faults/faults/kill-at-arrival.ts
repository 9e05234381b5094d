import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

const MOST_ARRIVALS = 8;

/** A random worker starts again, dies of its own hand as an answer arrives, and starts once more: each time with its journal. */
export class KillAtArrival implements Fault {
  readonly name = 'kill -9 of a worker as an answer arrives';

  async strike(trial: Trial): Promise<void> {
    const { fleet } = trial;
    const victim = fleet.living[Math.floor(trial.random() * fleet.living.length)];
    if (victim === undefined) throw new Error('nobody is left to be killed');
    // It and the one after it cut off what they have in flight.
    trial.allowRepeats(4 * trial.callsAtOnce);
    await fleet.end(victim, 'SIGKILL');
    const script = trial.scriptDyingAt(1 + Math.floor(trial.random() * MOST_ARRIVALS));
    const dying = fleet.start({ script, data: victim.data });
    fleet.dismiss(dying);
    // So that something arrives, however many others are at work.
    await trial.ask(MOST_ARRIVALS * fleet.living.length);
    await dying.exited;
    await fleet.startAtWork({ data: victim.data });
  }
}
