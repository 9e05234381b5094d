import type { AlarmSink } from '../../../streams/alarms.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';
import { NEWER_RECORD, PART_MISSING } from '../../../streams/failure.ts';

type Stages = Iterable<readonly [name: string, Pick<RunningStage, 'left'>]>;

const KINDS = [NEWER_RECORD, PART_MISSING] as const;

/** Sees records that a newer version, or a process with the part that they need, can work, until another process has their partitions. */
export class NewerRecordWatch {
  readonly #alarms: AlarmSink;
  readonly #stages: () => Stages;

  constructor(alarms: AlarmSink, stages: () => Stages) {
    this.#alarms = alarms;
    this.#stages = stages;
  }

  look(): void {
    for (const [name, stage] of this.#stages()) {
      const left = stage.left();
      for (const kind of KINDS) {
        const [first, ...more] = left.filter(({ code }) => code === kind);
        const others = more.length === 0 ? '' : ` So it is with ${more.length} more.`;
        if (first === undefined) this.#alarms.clear(kind, name);
        else this.#alarms.raise(kind, name, `${first.why}${others}`);
      }
    }
  }
}
