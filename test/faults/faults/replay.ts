import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** A topic is read again once all questions have ended; its stage's stored results are published again, without a call. */
export class Republish implements Fault {
  readonly name = 'republish from generation';

  async strike(trial: Trial): Promise<void> {
    await untilEnded(trial);
    const { started } = await trial.model.quietStats();
    await replayed(trial, 'republish', 'generation', 'again');
    expect((await trial.model.quietStats()).started, 'calls').toBe(started);
  }
}

/** Every question is reviewed anew in a lane of its own, beside the old results. */
export class Reprocess implements Fault {
  readonly name = 'reprocess the review';

  async strike(trial: Trial): Promise<void> {
    await untilEnded(trial);
    const { expected } = trial;
    trial.expectStrangers(expected);
    await replayed(trial, 'reprocess', 'review', 'second');
  }
}

async function untilEnded(trial: Trial): Promise<void> {
  await until('all has ended', async () => ((await trial.look())?.ended ?? 0) >= trial.expected, 300_000);
}

async function replayed(trial: Trial, mode: string, stage: string, lane: string): Promise<void> {
  // The data directory is for one at a time.
  const alone = trial.engine.workers === 1;
  if (alone) await trial.fleet.endAll();
  await trial.command('replay', '--mode', mode, '--stage', stage, '--lane', lane, '--quiet');
  if (alone) await trial.startWorkers();
}
