import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const UNIT = 'test/**/*.unit.test.ts';
/** All but those that replace what their process has loaded, or look at what is said once a process. */
const SHARING = 'test/**/!(engine|failed-start|generate|stalled-consumer|store|waiting-start).int.test.ts';

export default defineConfig({
  test: {
    // They only end what hangs: a loaded machine may be ten times slower.
    testTimeout: 900_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // Tests share their processes: what one sets of the environment is gone before the next.
    unstubEnvs: true,
    // Starts a Kafka or a MongoDB once a test file asks for it.
    globalSetup: ['test/support/servers/vitest-setup.ts'],
    // For two cores: the long ones start children of their own, and wait for them most of the time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      // They share no state: a process of their own for each would cost three times their CPU time.
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false } },
      {
        extends: true,
        test: { name: 'servers', include: [SHARING], isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [UNIT, SHARING] } },
    ],
  },
});
