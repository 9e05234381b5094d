import { describe } from 'vitest';
import { describeConsuming } from './log/consuming.ts';
import { describePublishing } from './log/publishing.ts';
import { LogRig, type OpenedLog } from './log/rig.ts';

/** What every adapter of the port `Log` promises. `open` gives a log that no other test disturbs. */
export function describeLog(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name} as a log`, () => {
    describePublishing((partitions) => LogRig.open(open, partitions));
    describeConsuming((partitions) => LogRig.open(open, partitions));
  });
}
