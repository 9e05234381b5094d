import type { KeptLookUp, LookUpRepository } from '../../../stages/store/look-up-repository.ts';
import type { StopSignals } from '../../../streams/stop.ts';
import { persistThrough } from '../../../streams/work/persist.ts';
import type { UnsavedWrites } from '../../../streams/work/unsaved-writes.ts';

type Kept = Pick<LookUpRepository, 'find' | 'keep'>;

/** Look-ups that are paid for: each stands in the journal from its arrival until it is kept. */
export class PaidLookUps implements Kept {
  readonly #lookUps: Kept;
  #journal: Readonly<{ unsaved: UnsavedWrites; stop: StopSignals }> | undefined;

  constructor(lookUps: Kept) {
    this.#lookUps = lookUps;
  }

  /** From now on they do; before, they were kept alone. */
  through(unsaved: UnsavedWrites, stop: StopSignals): void {
    this.#journal = { unsaved, stop };
  }

  find(key: string, nowMs: number): Promise<unknown> {
    return this.#lookUps.find(key, nowMs);
  }

  async keep(lookUp: KeptLookUp): Promise<unknown> {
    const write = () => this.#lookUps.keep(lookUp);
    if (this.#journal === undefined) return write();
    const { unsaved, stop } = this.#journal;
    const entry = { kind: 'look-up', lookUp } as const;
    const persist = persistThrough(stop, () => undefined);
    return unsaved.through(entry, () => persist(write), unsaved.keep(entry));
  }
}
