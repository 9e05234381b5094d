import { describe, expect, it } from 'vitest';
import { nextInTurn, StageLine } from '../../../src/streams/limits/stage-line.ts';

/** A line of so many calls at once, of which some are on their way, with one that waits. */
function lineOf(batchSize: number, inFlight: number, background = false): StageLine {
  const line = new StageLine('any', batchSize, background);
  line.inFlight = inFlight;
  line.join({ tokens: 0, give: () => undefined, refuse: () => undefined }, false);
  return line;
}

describe('whose turn it is', () => {
  it('is the turn of who has the least of its batch size on its way', () => {
    const [busy, idle] = [lineOf(10, 5), lineOf(4, 1)];
    expect(nextInTurn([busy, idle])).toBe(idle);
  });

  it('is never the turn of one in the background while another wants to call', () => {
    const [shadow, live] = [lineOf(10, 0, true), lineOf(2, 1)];
    expect(nextInTurn([shadow, live])).toBe(live);
    expect(nextInTurn([live, shadow])).toBe(live);
  });

  it('is the turn of one in the background where no other wants to call, or may', () => {
    const [shadow, full, quiet] = [lineOf(10, 9, true), lineOf(2, 2), new StageLine('quiet', 2)];
    expect(nextInTurn([shadow, full, quiet])).toBe(shadow);
  });
});
