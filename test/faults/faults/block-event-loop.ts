import { fileURLToPath } from 'node:url';
import { MAIN } from '../../support/process/millrace.ts';
import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

const BLOCKABLE = fileURLToPath(new URL('../../support/process/blockable.ts', import.meta.url));

/** A worker whose event loop stands still for longer than its session. */
export class BlockEventLoop implements Fault {
  readonly name = 'event loop blocked beyond the session';
  readonly #blockMs: number;

  constructor(blockMs: number) {
    this.#blockMs = blockMs;
  }

  async strike(trial: Trial): Promise<void> {
    const { fleet, engine } = trial;
    // On an engine for one worker it takes that one's place.
    if (engine.workers === 1) await fleet.endAll();
    const worker = await fleet.startAtWork({
      script: ['--import', BLOCKABLE, MAIN],
      env: { BLOCK_MS: String(this.#blockMs) },
    });
    await trial.untilDone(3);
    trial.allowRepeats(2 * trial.callsAtOnce);
    worker.kill('SIGUSR2');
    await lasting(this.#blockMs);
  }
}
