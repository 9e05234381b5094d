import { describe, expect, it } from 'vitest';
import { openedEngine } from './opened.ts';

describe('the embedded log', () => {
  it('takes no record of a key that was forgotten', async () => {
    const { engine, close } = await openedEngine();
    await engine.log.ensureTopics([{ topic: 'a', partitions: 1 }]);
    await engine.admin.forgetKeys(['a'], ['gone']);
    await engine.log.publish('a', [
      { key: 'gone', value: 'secret' },
      { key: 'here', value: 'open' },
    ]);
    expect(await engine.log.endOffsets('a')).toEqual(new Map([[0, 1n]]));
    await close();
  });
});
