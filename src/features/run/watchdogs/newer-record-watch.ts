import type { AlarmSink } from '../../../streams/alarms.ts';
import type { RunningStage } from '../../../streams/delivery/run-stage.ts';
import { NEWER_RECORD, PART_MISSING } from '../../../streams/failure.ts';

type Stages = Iterable<readonly [name: string, Pick<RunningStage, 'left'>]>;

const KINDS = [NEWER_RECORD, PART_MISSING] as const;

/** Sees records that a newer version, or a process with the part that they need, can work, until another process has their partitions. */
export function newerRecordWatch(alarms: AlarmSink, stages: () => Stages) {
  return {
    look(): void {
      for (const [name, stage] of stages()) {
        const left = stage.left();
        for (const kind of KINDS) {
          const [first, ...more] = left.filter(({ code }) => code === kind);
          const others = more.length === 0 ? '' : ` So it is with ${more.length} more.`;
          if (first === undefined) alarms.clear(kind, name);
          else alarms.raise(kind, name, `${first.why}${others}`);
        }
      }
    },
  };
}
