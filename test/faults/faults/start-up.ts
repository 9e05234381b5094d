import { expect } from 'vitest';
import type { Cluster } from '../../support/servers/cluster.ts';
import { within } from '../../support/within.ts';
import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

/** Workers are started at the same moment, and there are no topics yet. */
export class StartTogether implements Fault {
  readonly name = 'starters at once, topics missing';

  async strike({ fleet, engine }: Trial): Promise<void> {
    await Promise.all(Array.from({ length: engine.workers }, () => fleet.startUntilAtWork()));
  }
}

/** Workers are started before their server; what ends is started again, as a process manager does. */
export class StartBeforeServer implements Fault {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #lateMs: number;

  constructor(name: string, cluster: Cluster, lateMs: number) {
    this.name = name;
    this.#cluster = cluster;
    this.#lateMs = lateMs;
  }

  async strike({ fleet, engine }: Trial): Promise<void> {
    await fleet.endAll();
    await this.#cluster.kill();
    const starting = Promise.all(Array.from({ length: engine.workers }, () => fleet.startUntilAtWork()));
    await lasting(this.#lateMs);
    await Promise.all([this.#cluster.restart(), starting]);
  }
}

/** SIGTERM to workers at several moments of their start: none is left over. */
export class StopWhileStarting implements Fault {
  readonly name = 'SIGTERM during the start';

  async strike({ fleet, engine }: Trial): Promise<void> {
    // The data directory is for one at a time.
    if (engine.workers === 1) await fleet.endAll();
    for (const afterMs of [0, 300, 1_000, 2_000]) {
      const worker = fleet.start();
      fleet.dismiss(worker);
      await lasting(afterMs);
      worker.kill('SIGTERM');
      const { code, signal } = await within('a worker that starts ends on SIGTERM', worker.exited, 60_000);
      // Before its first line runs, the signal itself ends it.
      expect(signal ?? code, worker.stderr()).toSatisfy((end) => end === 0 || end === 'SIGTERM');
    }
  }
}
