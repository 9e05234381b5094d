import { describe, expect, it } from 'vitest';
import { workersText } from '../../../src/features/flow/workers-text.ts';
import type { ListedWorker } from '../../../src/stages/store/worker-repository.ts';

const LISTED: ListedWorker = {
  seenSecondsAgo: 2.2,
  worker: {
    id: 'w',
    host: 'node-1',
    pid: 42,
    version: '0.1.0',
    since: '2026-01-01T00:00:00.000Z',
    stages: [
      { stage: 'research', partitions: 6, inHand: 40, inFlight: 4 },
      { stage: 'review', partitions: 0, inHand: 0, inFlight: 0 },
    ],
    endpoints: [
      {
        endpoint: 'https://model',
        circuit: 'open',
        cause: 'It is away.',
        limit: 4.7,
        ceiling: 20,
        inFlight: 4,
      },
    ],
    alarms: [
      { kind: 'no_partition', subject: 't', text: 'It stands by.', since: '2026-01-01T00:00:01.000Z' },
    ],
  },
};

describe('the workers of a status', () => {
  it('are shown with stages, partitions, calls, limits, circuits with their cause, and alarms', () => {
    const text = workersText([LISTED]);
    expect(text).toContain('node-1/42');
    expect(text).toContain('research:6 review:0');
    expect(text).toContain('2 s ago');
    expect(text).toContain('https://model: 4 of 4 calls now, at most 20, circuit open: It is away.');
    expect(text).toContain('ALARM node-1/42 no_partition t since 2026-01-01T00:00:01.000Z: It stands by.');
  });

  it('are said to be none', () => {
    expect(workersText([])).toBe('No process is at work.');
  });
});
