import { describe, expect, it } from 'vitest';
import { Rejoins } from '../../../../../src/infra/engines/kafka/consumer/rejoins.ts';

describe('rejoins', () => {
  it('are worth a try three times in vain', () => {
    const rejoins = new Rejoins();
    expect([1, 2, 3, 4].map(() => rejoins.after('silent'))).toEqual([true, true, true, false]);
  });

  it('are forgotten once something was fetched, or after starving once something was read', () => {
    const rejoins = new Rejoins();
    rejoins.after('crash');
    rejoins.onFetched();
    expect(rejoins.count).toBe(0);
    rejoins.after('starved');
    rejoins.onFetched();
    expect(rejoins.count).toBe(1);
    rejoins.onRead();
    expect(rejoins.count).toBe(0);
  });
});
