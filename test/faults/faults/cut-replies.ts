import { until } from '../../support/until.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** The next commands of that name are done by MongoDB, and their replies are lost. */
export class CutReplies implements Fault {
  readonly name: string;
  readonly #command: string;
  readonly #times: number;

  constructor(command: string, times: number) {
    this.name = `replies to ${command} lost`;
    this.#command = command;
    this.#times = times;
  }

  async strike(trial: Trial): Promise<void> {
    const link = trial.link('mongo');
    // How a command begins in BSON: a string by its name.
    link.cutReplies(Buffer.from(`\u0002${this.#command}\0`, 'latin1'), this.#times);
    await until(
      'the replies are cut, or all is done',
      async () => {
        const ended = (await trial.look())?.ended ?? 0;
        return link.cutsLeft === 0 || ended >= trial.expected;
      },
      120_000,
    );
  }
}
