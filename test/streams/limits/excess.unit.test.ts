import { describe, expect, it } from 'vitest';
import { Excess } from '../../../src/streams/limits/excess.ts';

/** Lets so many calls fail that less is asked on trial. */
function onTrial(): Excess {
  const excess = new Excess();
  while (!excess.onTrial) {
    excess.onOutcome(true, false);
    excess.share(30);
  }
  return excess;
}

describe('what fails beyond chance', () => {
  it('is nothing while calls fail as rarely as chance has it', () => {
    const excess = new Excess();
    for (let call = 0; call < 200; call += 1) excess.onOutcome(call % 200 === 0, false);
    expect(excess.share(30)).toBe(0);
  });

  it('is tried out with three quarters, for a hundred calls that have all come back', () => {
    const excess = onTrial();
    expect(excess.part).toBe(0.75);
    const tried = Array.from({ length: 120 }, () => excess.send());
    expect(tried.filter(Boolean)).toHaveLength(100);
    for (let call = 0; call < 99; call += 1) excess.onOutcome(false, true);
    expect(excess.onTrial).toBe(true);
    excess.onOutcome(false, true);
    expect(excess.onTrial).toBe(false);
  });

  it('was chance if as many fail on trial: what was asked before is given back', () => {
    const excess = onTrial();
    const ends = Array.from({ length: 100 }, (_, call) => excess.onOutcome(call % 5 === 0, excess.send()));
    expect(ends.at(-1)).toBe(30);
    expect(excess.chance).toBeCloseTo(0.2);
  });

  it('was too much if nothing fails on trial', () => {
    const excess = onTrial();
    const ends = Array.from({ length: 100 }, () => excess.onOutcome(false, excess.send()));
    expect(ends.at(-1)).toBeUndefined();
  });

  it('waits for another call in place of one that tells nothing', () => {
    const excess = onTrial();
    for (let call = 0; call < 100; call += 1) excess.send();
    expect(excess.send()).toBe(false);
    excess.withdraw(true);
    expect(excess.send()).toBe(true);
  });
});
