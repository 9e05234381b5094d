import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Display, silentDisplay } from '../../../../src/features/run/display/display.ts';
import { JsonDisplay } from '../../../../src/features/run/display/json-display.ts';
import { watchRun } from '../../../../src/features/run/display/watch.ts';
import { runProgress } from '../../../support/run/run-progress.ts';

function watched(display: Display) {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return runProgress();
  };
  const watch = watchRun({ events: new Subject(), endpoints: new Map() }, { read }, display);
  return { watch, reads: () => reads };
}

describe('who watches a run', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes no picture that nobody would see, but for the last', async () => {
    const { watch, reads } = watched(silentDisplay);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads()).toBe(0);
    await watch.stop();
    expect(reads()).toBe(1);
  });

  it('takes as many pictures as are shown', async () => {
    const lines: string[] = [];
    const { watch, reads } = watched(new JsonDisplay((text) => void lines.push(text)));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(lines.length).toBeGreaterThan(1);
    expect(reads()).toBe(lines.length);
    await watch.stop();
  });
});
