import { commandBytes } from '../../support/mongo-command.ts';
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
    link.cutReplies(commandBytes(this.#command), this.#times);
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
