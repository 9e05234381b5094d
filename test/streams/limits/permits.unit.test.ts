import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Permits } from '../../../src/streams/limits/permits.ts';
import { isStopping } from '../../../src/streams/stop.ts';

/** Lets every settled promise run its handlers. */
const flush = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('permits', () => {
  it('are given first come first served', async () => {
    const permits = new Permits(1, new AbortController().signal);
    const order: number[] = [];
    for (const number of [0, 1, 2, 3]) void permits.acquire().then(() => order.push(number));
    for (let release = 0; release < 3; release += 1) permits.release();
    await flush();
    expect(order).toEqual([0, 1, 2, 3]);
    expect([permits.held, permits.waiting]).toEqual([1, 0]);
  });

  it('end every wait when the process stops, and give none afterwards', async () => {
    const stop = new AbortController();
    const permits = new Permits(1, stop.signal);
    await permits.acquire();
    const waits = [permits.acquire(), permits.acquire()];
    stop.abort();
    for (const wait of await Promise.allSettled(waits))
      expect(wait.status === 'rejected' && isStopping(wait.reason)).toBe(true);
    await expect(permits.acquire()).rejects.toSatisfy(isStopping);
    permits.release();
    expect([permits.held, permits.waiting]).toEqual([0, 0]);
  });

  it('give nothing where the process stopped before they were made', async () => {
    const permits = new Permits(1, AbortSignal.abort());
    await expect(permits.acquire()).rejects.toSatisfy(isStopping);
    expect(permits.held).toBe(0);
  });

  it('are never more than their number, reach everyone in order, and none leaks when the process stops', async () => {
    const steps = fc.array(fc.constantFrom('acquire', 'release', 'flush'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, fc.boolean(), async (size, some, stops) => {
        const stop = new AbortController();
        const permits = new Permits(size, stop.signal);
        const given: number[] = [];
        let asked = 0;
        let refused = 0;
        let released = 0;
        const release = () => {
          released += 1;
          permits.release();
        };
        for (const step of some) {
          if (step === 'acquire') {
            const number = asked;
            asked += 1;
            permits.acquire().then(
              () => given.push(number),
              () => {
                refused += 1;
              },
            );
          }
          if (step === 'release' && given.length > released) release();
          if (step === 'flush') await flush();
          expect(permits.held).toBeLessThanOrEqual(size);
          expect(permits.held + permits.waiting).toBe(asked - released);
        }
        if (stops) stop.abort();
        await flush();
        while (given.length > released) {
          release();
          await flush();
        }
        expect([permits.held, permits.waiting]).toEqual([0, 0]);
        expect(given.length + refused).toBe(asked);
        expect(given).toEqual(given.toSorted((a, b) => a - b));
      }),
    );
  });
});
