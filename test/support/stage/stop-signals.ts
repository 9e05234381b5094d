import { setMaxListeners } from 'node:events';
import type { StopSignals } from '../../../src/streams/stop.ts';

export type TestStop = Readonly<{ signals: StopSignals; drain(): void; abort(): void }>;

export function testStop(): TestStop {
  const draining = new AbortController();
  const aborted = new AbortController();
  setMaxListeners(0, draining.signal, aborted.signal);
  return {
    signals: { draining: draining.signal, aborted: aborted.signal },
    drain: () => draining.abort(),
    abort: () => {
      draining.abort();
      aborted.abort();
    },
  };
}
