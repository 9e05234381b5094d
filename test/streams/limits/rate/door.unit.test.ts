import { describe, expect, it } from 'vitest';
import { Door } from '../../../../src/streams/limits/rate/door.ts';

function doorOf() {
  const opened: (number | undefined)[] = [];
  const door = new Door(
    () => 0,
    (nowMs) => opened.push(nowMs),
  );
  const refuse = (number: number, { askedMs, nowMs = 20 }: { askedMs?: number; nowMs?: number } = {}) =>
    door.onRefused(nowMs, { number, sentMs: 0, askedMs, servedBeside: false, roomMs: 60_000 });
  return { door, opened, refuse };
}

describe('an endpoint', () => {
  it('is not closed by one refusal', () => {
    const { door, refuse } = doorOf();
    refuse(door.send(0));
    expect(door.isClosed).toBe(false);
  });

  it('is closed by three in a row, and opened by the answer to the call that is sent then', () => {
    const { door, opened, refuse } = doorOf();
    for (let call = 0; call < 3; call += 1) refuse(door.send(0));
    expect(door.isClosed).toBe(true);
    const silentMs = door.silentMs(20);
    expect(silentMs).toBeGreaterThan(0);
    door.onLetIn(door.send(20 + silentMs), 1_000);
    expect(door.isClosed).toBe(false);
    expect(opened).toEqual([1_000]);
  });

  it('is closed for as long as it asks, if that is long', () => {
    const { door, refuse } = doorOf();
    refuse(door.send(0), { askedMs: 20_000 });
    expect(door.silentMs(20)).toBe(20_000);
  });

  it('was never closed if it asked for a long wait and answers a call sent later: that teaches no rate', () => {
    const { door, opened, refuse } = doorOf();
    const [first, second] = [door.send(0), door.send(0)];
    refuse(first, { askedMs: 20_000 });
    door.onLetIn(second, 1_000);
    expect(door.isClosed).toBe(false);
    expect(opened).toEqual([undefined]);
    refuse(door.send(1_000), { askedMs: 20_000, nowMs: 1_020 });
    expect(door.isClosed).toBe(false);
  });

  it('was never closed if a call is answered between two that were asked to wait long, though the last of all was refused', () => {
    const { door, opened, refuse } = doorOf();
    const [first, second, last] = [door.send(0), door.send(0), door.send(0)];
    refuse(first, { askedMs: 20_000 });
    refuse(last, { askedMs: 20_000 });
    door.onLetIn(second, 1_000);
    expect(door.isClosed).toBe(false);
    expect(opened).toEqual([undefined]);
  });

  it('stays closed for as long as it asks if more were refused after that answer than by chance', () => {
    const { door, opened, refuse } = doorOf();
    const [first, second, ...others] = Array.from({ length: 8 }, () => door.send(0)) as [
      number,
      number,
      ...number[],
    ];
    for (const number of [first, ...others]) refuse(number, { askedMs: 20_000 });
    door.onLetIn(second, 1_000);
    expect(door.silentMs(1_000)).toBe(19_020);
    expect(opened).toEqual([]);
  });

  it('is left alone until the end of its wait if only calls sent before were answered', () => {
    const { door, refuse } = doorOf();
    const [before, first] = [door.send(0), door.send(0)];
    refuse(first, { askedMs: 20_000 });
    door.onLetIn(before, 1_000);
    expect(door.silentMs(1_000)).toBe(19_020);
  });
});
