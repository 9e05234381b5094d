import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import { finishedWith, newWork, research } from '../../../../src/testing/store/fixtures.ts';
import { openedEngine } from './opened.ts';

describe('what a dead process held', () => {
  it('is claimed at once by the next one that consumes, without waiting out a lease', async () => {
    const { engine, reopen, close } = await openedEngine();
    onTestFinished(close);
    const work = newWork();
    const dead = await claimed(engine.store.research, work);
    const { store } = await reopen();
    const mine = await claimed(store.research, work);
    expect(await store.research.complete(dead, finishedWith(research))).toBe('lost');
    expect(await store.research.complete(mine, finishedWith(research))).toBe('stored');
  });

  it('stays claimed for those who read and append beside it', async () => {
    const { engine, data, close } = await openedEngine();
    onTestFinished(close);
    const work = newWork();
    const mine = await claimed(engine.store.research, work);
    for (const mode of ['read', 'append'] as const)
      await (await openEmbedded({ data, namespace: 'conformance', mode })).close();
    expect(await engine.store.research.complete(mine, finishedWith(research))).toBe('stored');
  });
});
