import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { DayAllowance } from '../../../../src/streams/budget/day-allowance.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';

const LIMIT = 1_000;

await describeOnMongo('processes that share a day’s budget on one MongoDB', (uri) => {
  it('never hold more than it together, use nearly all of it, and leave a restart what is left', async () => {
    const { store, namespace } = await openForTest(uri);
    const stores = [store];
    for (let more = 0; more < 2; more += 1) {
      const other = await openMongoStore({ uri, namespace });
      onTestFinished(() => other.close());
      stores.push(other);
    }
    const days = stores.map(({ spending }) => allowance(spending));
    let taken = 0;
    const work = async (day: DayAllowance) => {
      for (let call = 0; call < 60; call += 1) {
        const hold = await day.reserve({ tokens: 10, costUsd: 0 });
        if (hold === undefined) continue;
        taken += 10;
        hold.settle({ tokens: 10, costUsd: 0 });
      }
    };
    await Promise.all(days.flatMap((day) => [work(day), work(day)]));
    expect(taken).toBeLessThanOrEqual(LIMIT);
    expect(taken).toBeGreaterThan(LIMIT * 0.8);
    await Promise.all(days.map((day) => day.close()));
    const restarted = allowance(store.spending);
    expect((await restarted.total()).spent.tokens).toBe(taken);
    expect(await restarted.reserve({ tokens: LIMIT - taken + 1, costUsd: 0 })).toBeUndefined();
  });
});

function allowance(spending: ConstructorParameters<typeof DayAllowance>[0]['spending']): DayAllowance {
  const persist = <T>(write: () => Promise<T>) => write();
  return new DayAllowance({ spending, holder: randomUUID(), limit: { tokens: LIMIT }, persist });
}
