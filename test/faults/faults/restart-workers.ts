import { expect } from 'vitest';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** SIGTERM to one worker after the other; each next one waits until the last is back at work. */
export class RestartWorkers implements Fault {
  readonly name = 'rolling SIGTERM restart';

  async strike({ fleet }: Trial): Promise<void> {
    for (const worker of fleet.living) {
      expect(await fleet.end(worker, 'SIGTERM'), `exit code of worker ${worker.number}`).toBe(0);
      await fleet.startAtWork();
    }
  }
}
