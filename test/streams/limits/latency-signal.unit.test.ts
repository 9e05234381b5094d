import { describe, expect, it } from 'vitest';
import { logNormal, seededRandom } from '../../../src/infra/models/random.ts';
import { LatencySignal } from '../../../src/streams/limits/latency-signal.ts';

/** How often so many answers of a mean latency were taken for pressure. */
function pressures(signal: LatencySignal, answers: number, latencyMs: () => number): number {
  let count = 0;
  for (let answer = 0; answer < answers; answer += 1)
    if (signal.onAnswered(latencyMs()).kind === 'pressure') {
      count += 1;
      signal.forget();
    }
  return count;
}

describe('the latency of a stage', () => {
  it.each([
    [7_500, 0.3],
    [5_000, 0.3],
    [3_500, 0.3],
    [300, 0.8],
  ])('is never pressure while it only varies: mean %i ms, sigma %f', (mean, sigma) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seededRandom(seed);
      expect(pressures(new LatencySignal(), 2_000, () => logNormal(mean, sigma, random))).toBe(0);
    }
  });

  it('is not pressure for one answer in ten that is twenty times as long', () => {
    const random = seededRandom(7);
    const latencyMs = () => (random() < 0.1 ? 20 : 1) * logNormal(1_000, 0.3, random);
    expect(pressures(new LatencySignal(), 2_000, latencyMs)).toBe(0);
  });

  it('is pressure when it has risen to five times what it was, again and again until that is usual', () => {
    const random = seededRandom(3);
    const signal = new LatencySignal();
    pressures(signal, 200, () => logNormal(1_000, 0.3, random));
    expect(pressures(signal, 300, () => logNormal(5_000, 0.3, random))).toBeGreaterThan(0);
    expect(pressures(signal, 1_000, () => logNormal(5_000, 0.3, random))).toBe(0);
  });
});
