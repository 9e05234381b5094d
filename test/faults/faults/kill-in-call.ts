import { expect } from 'vitest';
import type { ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import { until } from '../../support/until.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** SIGKILL to every worker while calls hang: each of these calls is made once more, and no other. */
export class KillInCall implements Fault {
  readonly name = 'kill -9 during the call';
  readonly #healthy: ScriptInput;

  constructor(healthy: ScriptInput) {
    this.#healthy = healthy;
  }

  async strike(trial: Trial): Promise<void> {
    const { model, fleet, callsAtOnce } = trial;
    await model.setScript({ fractions: { hang: 1 } });
    await until('calls hang, and every answer is stored', () => hangs(trial), 120_000);
    await Promise.all(fleet.living.map((worker) => fleet.end(worker, 'SIGKILL')));
    const { abandoned } = await model.quietStats();
    expect(abandoned).toBeLessThanOrEqual(callsAtOnce * trial.engine.workers);
    trial.allowRepeats(abandoned);
    await model.setScript(this.#healthy);
    await trial.startWorkers();
  }
}

async function hangs(trial: Trial): Promise<boolean> {
  const { inFlight, answered, faults } = await trial.model.stats();
  return inFlight > 0 && inFlight === faults['hang'] && (await trial.look())?.done === answered;
}
