import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lostRecordsWatch } from '../../../src/features/run/lost-records-watch.ts';
import type { TopicDescription } from '../../../src/streams/log/log-admin.ts';

const TOPIC = 'm.questions';
const ENDS = new Map([
  [0, 5n],
  [1, 3n],
]);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the topic is seen as, from look to look; the last stays. */
function watching(...ends: readonly (readonly bigint[] | undefined)[]) {
  const looks = [...ends];
  const describeTopics = async (): Promise<readonly TopicDescription[]> => {
    const seen = looks.length > 1 ? looks.shift() : looks[0];
    if (seen === undefined) return [];
    const own = { begin: 0n, leader: 1, replicas: [1], inSync: [1] };
    const partitions = seen.map((end, partition) => ({ partition, end, ...own }));
    return [{ topic: TOPIC, partitions, config: new Map() }];
  };
  const look = lostRecordsWatch({ describeTopics }, TOPIC, ENDS);
  return async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      await look();
    }
  };
}

it('A topic that holds all that is waited for, or more, is waited for', async () => {
  await watching([5n, 3n], [9n, 3n])(60);
});

it.each<readonly [string, readonly bigint[] | undefined, string]>([
  ['that is gone', undefined, '8 of its records are gone'],
  ['that was made again', [0n, 0n], '8 of its records are gone'],
  ['that was made again, and has some since', [9n, 1n], '2 of its records are gone'],
  ['that was made again with fewer partitions', [9n], '3 of its records are gone'],
])('A topic %s ends the wait after ten seconds, and says what to do', async (_, seen, said) => {
  const wait = watching(seen);
  await wait(10);
  await expect(wait(1)).rejects.toMatchObject({ kind: 'fatal', code: 'records_lost' });
  await expect(wait(1)).rejects.toThrow(said);
});

it('A new leader that has less for a moment ends nothing', async () => {
  const less = Array.from({ length: 9 }, () => [4n, 3n]);
  await watching(...less, [5n, 3n], ...less, [5n, 3n])(30);
});
