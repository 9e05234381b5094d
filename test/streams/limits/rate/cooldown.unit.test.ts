import { describe, expect, it } from 'vitest';
import { Cooldown } from '../../../../src/streams/limits/rate/cooldown.ts';

function cooldownOf() {
  const ended: (number | undefined)[] = [];
  const cooldown = new Cooldown(
    () => 0,
    (nowMs) => ended.push(nowMs),
  );
  const refuse = (number: number, { askedMs, nowMs = 20 }: { askedMs?: number; nowMs?: number } = {}) =>
    cooldown.onRefused(nowMs, { number, sentMs: 0, askedMs, servedBeside: false, roomMs: 60_000 });
  return { cooldown, ended, refuse };
}

describe('the cooldown of an endpoint', () => {
  it('does not begin with one refusal', () => {
    const { cooldown, refuse } = cooldownOf();
    refuse(cooldown.send(0));
    expect(cooldown.isOn).toBe(false);
  });

  it('begins with three in a row, and ends with the answer to the call that is sent then', () => {
    const { cooldown, ended, refuse } = cooldownOf();
    for (let call = 0; call < 3; call += 1) refuse(cooldown.send(0));
    expect(cooldown.isOn).toBe(true);
    const silentMs = cooldown.silentMs(20);
    expect(silentMs).toBeGreaterThan(0);
    cooldown.onServed(cooldown.send(20 + silentMs), 1_000);
    expect(cooldown.isOn).toBe(false);
    expect(ended).toEqual([1_000]);
  });

  it('lasts as long as the server asks, if that is long', () => {
    const { cooldown, refuse } = cooldownOf();
    refuse(cooldown.send(0), { askedMs: 20_000 });
    expect(cooldown.silentMs(20)).toBe(20_000);
  });

  it('was unfounded if the server asked for a long wait and answers a call sent later: that teaches no rate', () => {
    const { cooldown, ended, refuse } = cooldownOf();
    const [first, second] = [cooldown.send(0), cooldown.send(0)];
    refuse(first, { askedMs: 20_000 });
    cooldown.onServed(second, 1_000);
    expect(cooldown.isOn).toBe(false);
    expect(ended).toEqual([undefined]);
    refuse(cooldown.send(1_000), { askedMs: 20_000, nowMs: 1_020 });
    expect(cooldown.isOn).toBe(false);
  });

  it('was unfounded if a call is answered between two that were asked to wait long, though the last of all was refused', () => {
    const { cooldown, ended, refuse } = cooldownOf();
    const [first, second, last] = [cooldown.send(0), cooldown.send(0), cooldown.send(0)];
    refuse(first, { askedMs: 20_000 });
    refuse(last, { askedMs: 20_000 });
    cooldown.onServed(second, 1_000);
    expect(cooldown.isOn).toBe(false);
    expect(ended).toEqual([undefined]);
  });

  it('lasts as long as the server asks if more were refused after that answer than by chance', () => {
    const { cooldown, ended, refuse } = cooldownOf();
    const [first, second, ...others] = Array.from({ length: 8 }, () => cooldown.send(0)) as [
      number,
      number,
      ...number[],
    ];
    for (const number of [first, ...others]) refuse(number, { askedMs: 20_000 });
    cooldown.onServed(second, 1_000);
    expect(cooldown.silentMs(1_000)).toBe(19_020);
    expect(ended).toEqual([]);
  });

  it('lasts to its end if only calls sent before were answered', () => {
    const { cooldown, refuse } = cooldownOf();
    const [before, first] = [cooldown.send(0), cooldown.send(0)];
    refuse(first, { askedMs: 20_000 });
    cooldown.onServed(before, 1_000);
    expect(cooldown.silentMs(1_000)).toBe(19_020);
  });
});
