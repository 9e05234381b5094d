import { describe, expect, it } from 'vitest';
import { StopController } from '../../../../src/features/run/session/stop-controller.ts';

describe('a stop controller', () => {
  it('drains without aborting', () => {
    const stop = new StopController();
    stop.drain();
    stop.drain();
    expect(stop.signals.draining.aborted).toBe(true);
    expect(stop.signals.aborted.aborted).toBe(false);
  });

  it('drains first when it aborts', () => {
    const stop = new StopController();
    const order: string[] = [];
    stop.signals.draining.addEventListener('abort', () => order.push('draining'));
    stop.signals.aborted.addEventListener('abort', () => order.push('aborted'));
    stop.abort();
    stop.abort();
    expect(order).toEqual(['draining', 'aborted']);
  });

  it('lets any number of waits listen without a warning', () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const { signals } = new StopController();
    for (let wait = 0; wait < 1_000; wait += 1) {
      signals.draining.addEventListener('abort', () => undefined);
      signals.aborted.addEventListener('abort', () => undefined);
    }
    return new Promise<void>((resolve) => void setImmediate(resolve)).then(() => {
      process.off('warning', onWarning);
      expect(warnings).toEqual([]);
    });
  });
});
