import { describe, expect, it } from 'vitest';
import { HostTurns } from '../../../../src/infra/tools/fetch/host-turns.ts';

describe('the turns of a host', () => {
  const signal = new AbortController().signal;

  it('come one after another, and those of another host beside them', async () => {
    const turns = new HostTurns(0);
    const first = Promise.withResolvers<void>();
    const begun: string[] = [];
    const take = (host: string, name: string, work: () => Promise<void> = async () => undefined) =>
      turns.take(host, signal, async () => {
        begun.push(name);
        await work();
      });
    const all = [take('a', 'a1', () => first.promise), take('a', 'a2'), take('b', 'b1')];
    await all[2];
    expect(begun).toEqual(['a1', 'b1']);
    first.resolve();
    await Promise.all(all);
    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('let nobody pass the one before where somebody gives up waiting', async () => {
    const turns = new HostTurns(0);
    const first = Promise.withResolvers<void>();
    const begun: string[] = [];
    const gaveUp = new AbortController();
    const one = turns.take('a', signal, () => first.promise);
    const two = turns.take('a', gaveUp.signal, async () => void begun.push('two'));
    const three = turns.take('a', signal, async () => void begun.push('three'));
    gaveUp.abort(new Error('no more'));
    await expect(two).rejects.toThrow('no more');
    expect(begun).toEqual([]);
    first.resolve();
    await one;
    await three;
    expect(begun).toEqual(['three']);
  });
});
