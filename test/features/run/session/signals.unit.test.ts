import { afterEach, describe, expect, it, vi } from 'vitest';
import { drainOnSignals } from '../../../../src/features/run/session/signals.ts';

describe('a terminal that is closed', () => {
  const off: (() => void)[] = [];
  afterEach(() => {
    for (const each of off) each();
  });

  it('drains, however often it says so', () => {
    const drain = vi.fn();
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    off.push(drainOnSignals({ drain }, () => undefined).off);
    process.emit('SIGHUP');
    process.emit('SIGHUP');
    expect(drain).toHaveBeenCalledTimes(1);
    expect(exit).not.toHaveBeenCalled();
    exit.mockRestore();
  });
});
