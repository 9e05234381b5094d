import { expect, it } from 'vitest';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { laneOn } from './counting.ts';
import { openForTest } from './opened.ts';
import { standaloneMongo } from './rig/standalone.ts';

await describeOnMongo('on a single server, which has no transactions', () => {
  it('everything is counted each time, and no counter is kept', async () => {
    const uri = await standaloneMongo();
    const { ask, move, roll, uncounted, counts } = laneOn(uri, await openForTest(uri));
    await move(await ask(), 'approved');
    await roll();
    expect([await uncounted(), (await counts()).progress.questions.approved]).toEqual([1, 1]);
  });
});
