import { describe, expect, it } from 'vitest';
import { OverloadDetector } from '../../../src/streams/limits/overload-detector.ts';

/** Lets so many calls fail that less is asked on trial. */
function onTrial(): OverloadDetector {
  const detector = new OverloadDetector();
  while (!detector.onTrial) {
    detector.onOutcome(true, false);
    detector.share(30);
  }
  return detector;
}

describe('what fails beyond chance', () => {
  it('is nothing while calls fail as rarely as chance has it', () => {
    const detector = new OverloadDetector();
    for (let call = 0; call < 200; call += 1) detector.onOutcome(call % 200 === 0, false);
    expect(detector.share(30)).toBe(0);
  });

  it('is tried out with three quarters, for a hundred calls that have all come back', () => {
    const detector = onTrial();
    expect(detector.part).toBe(0.75);
    const tried = Array.from({ length: 120 }, () => detector.send());
    expect(tried.filter(Boolean)).toHaveLength(100);
    for (let call = 0; call < 99; call += 1) detector.onOutcome(false, true);
    expect(detector.onTrial).toBe(true);
    detector.onOutcome(false, true);
    expect(detector.onTrial).toBe(false);
  });

  it('was chance if as many fail on trial: what was asked before is given back', () => {
    const detector = onTrial();
    const ends = Array.from({ length: 100 }, (_, call) =>
      detector.onOutcome(call % 5 === 0, detector.send()),
    );
    expect(ends.at(-1)).toBe(30);
    expect(detector.chance).toBeCloseTo(0.2);
  });

  it('was too much if nothing fails on trial', () => {
    const detector = onTrial();
    const ends = Array.from({ length: 100 }, () => detector.onOutcome(false, detector.send()));
    expect(ends.at(-1)).toBeUndefined();
  });

  it('waits for another call in place of one that tells nothing', () => {
    const detector = onTrial();
    for (let call = 0; call < 100; call += 1) detector.send();
    expect(detector.send()).toBe(false);
    detector.withdraw(true);
    expect(detector.send()).toBe(true);
  });
});
