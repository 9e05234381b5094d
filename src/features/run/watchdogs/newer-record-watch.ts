import type { AlarmSink } from '../../../streams/alarms.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';

type Stages = Iterable<readonly [name: string, Pick<RunningStage, 'left'>]>;

/** Sees records that only a newer version can read, until another process has their partitions. */
export class NewerRecordWatch {
  readonly #alarms: AlarmSink;
  readonly #stages: () => Stages;

  constructor(alarms: AlarmSink, stages: () => Stages) {
    this.#alarms = alarms;
    this.#stages = stages;
  }

  look(): void {
    for (const [name, stage] of this.#stages()) {
      const [first, ...more] = stage.left();
      const others = more.length === 0 ? '' : ` So it is with ${more.length} more.`;
      if (first === undefined) this.#alarms.clear('newer_record', name);
      else this.#alarms.raise('newer_record', name, `${first.why}${others}`);
    }
  }
}
