import { describe, expect, it } from 'vitest';
import { FailureRuns } from '../../../../src/streams/limits/circuit/failure-runs.ts';

describe('failures in a row', () => {
  it('are counted in the order of sending, in whatever order they come back', () => {
    const runs = new FailureRuns();
    const [first = 0, second = 0, third = 0] = [runs.send(), runs.send(), runs.send()];
    expect(runs.onFailed(third)).toBe(1);
    expect(runs.onFailed(first)).toBe(1);
    expect(runs.onFailed(second)).toBe(3);
  });

  it('are chance once a call sent later goes well', () => {
    const runs = new FailureRuns();
    const [first = 0, second = 0] = [runs.send(), runs.send()];
    runs.onWell(second);
    expect(runs.onFailed(first)).toBe(0);
  });

  it('have to be more where many fail by chance', () => {
    const runs = new FailureRuns();
    const before = runs.telling;
    for (let call = 0; call < 200; call += 1) {
      const number = runs.send();
      if (call % 5 === 0) runs.onFailed(number);
      else runs.onWell(number);
    }
    expect(runs.share).toBeGreaterThan(0.1);
    expect(runs.telling).toBeGreaterThan(before);
  });
});
