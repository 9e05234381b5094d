import { describe, expect, it } from 'vitest';
import { nextInTurn, StageQueue } from '../../../src/streams/limits/stage-queue.ts';

/** A queue of so many calls at once, of which some are on their way, with one that waits. */
function queueOf(batchSize: number, inFlight: number, background = false): StageQueue {
  const queue = new StageQueue('any', batchSize, background);
  queue.inFlight = inFlight;
  queue.join({ tokens: 0, give: () => undefined, refuse: () => undefined }, false);
  return queue;
}

describe('whose turn it is', () => {
  it('is the turn of who has the least of its batch size on its way', () => {
    const [busy, idle] = [queueOf(10, 5), queueOf(4, 1)];
    expect(nextInTurn([busy, idle])).toBe(idle);
  });

  it('is never the turn of one in the background while another wants to call', () => {
    const [shadow, live] = [queueOf(10, 0, true), queueOf(2, 1)];
    expect(nextInTurn([shadow, live])).toBe(live);
    expect(nextInTurn([live, shadow])).toBe(live);
  });

  it('is the turn of one in the background where no other wants to call, or may', () => {
    const [shadow, full, quiet] = [queueOf(10, 9, true), queueOf(2, 2), new StageQueue('quiet', 2)];
    expect(nextInTurn([shadow, full, quiet])).toBe(shadow);
  });
});
