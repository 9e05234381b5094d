import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreditGate, type Load } from '../../../src/streams/delivery/credit-gate.ts';

class Pauses {
  readonly paused = new Set<number>();
  pause(partition: number): void {
    this.paused.add(partition);
  }
  resume(partition: number): void {
    this.paused.delete(partition);
  }
}

const idle: Load = { unsettled: 0, gap: 0 };

function gateOn(partitions: number, credits: number, maxGap = 1_000) {
  const pauses = new Pauses();
  const gate = new CreditGate(credits, maxGap, pauses);
  gate.onAssigned(new Map(Array.from({ length: partitions }, (_, partition) => [partition, idle])));
  return { gate, paused: pauses.paused };
}

describe('a credit gate', () => {
  it('pauses everything while it is held, whatever is assigned meanwhile, and resumes it afterwards', () => {
    const { gate, paused } = gateOn(2, 8);
    gate.hold(true);
    gate.hold(true);
    expect([...paused]).toEqual([0, 1]);
    gate.onAssigned(new Map([0, 1, 2].map((partition) => [partition, idle])));
    gate.resumeLow();
    expect([0, 1, 2].map((partition) => gate.admits(partition))).toEqual([false, false, false]);
    gate.hold(false);
    expect([0, 1, 2].map((partition) => gate.admits(partition))).toEqual([true, true, true]);
    expect(paused.size).toBe(0);
  });

  it('pauses a partition that has all credits out, and resumes it at half of them', () => {
    const { gate, paused } = gateOn(1, 4);
    for (let unsettled = 1; unsettled <= 4; unsettled += 1) {
      expect(gate.admits(0)).toBe(true);
      gate.onLoad(0, { unsettled, gap: unsettled });
    }
    expect(gate.admits(0)).toBe(false);
    expect(paused).toContain(0);
    gate.onLoad(0, { unsettled: 3, gap: 4 });
    gate.resumeLow();
    expect(paused).toContain(0);
    gate.onLoad(0, { unsettled: 2, gap: 4 });
    gate.resumeLow();
    expect(paused).not.toContain(0);
  });

  it('gives a busy partition up to twice an equal share', () => {
    const { gate } = gateOn(4, 8);
    gate.onLoad(0, { unsettled: 3, gap: 3 });
    expect(gate.admits(0)).toBe(true);
    gate.onLoad(0, { unsettled: 4, gap: 4 });
    expect(gate.admits(0)).toBe(false);
    expect(gate.admits(1)).toBe(true);
  });

  it('resumes nothing while all together hold more than half of the credits', () => {
    const { gate, paused } = gateOn(2, 4);
    gate.onLoad(0, { unsettled: 4, gap: 4 });
    gate.admits(1);
    expect(paused).toContain(1);
    gate.onLoad(0, { unsettled: 3, gap: 4 });
    gate.resumeLow();
    expect(paused).toContain(1);
    gate.onLoad(0, { unsettled: 2, gap: 4 });
    gate.resumeLow();
    expect(paused).not.toContain(1);
  });

  it('counts nothing of a partition that it forgot', () => {
    const { gate, paused } = gateOn(2, 4);
    gate.onLoad(0, { unsettled: 4, gap: 4 });
    gate.admits(1);
    gate.forget(0);
    expect(paused).not.toContain(1);
    expect(gate.admits(1)).toBe(true);
  });

  it('pauses a partition whose watermark is stuck too far behind, and resumes it once that moves', () => {
    const { gate, paused } = gateOn(1, 100, 10);
    gate.onLoad(0, { unsettled: 1, gap: 10 });
    expect(gate.admits(0)).toBe(false);
    gate.resumeLow();
    expect(paused).toContain(0);
    gate.onLoad(0, { unsettled: 0, gap: 0 });
    gate.resumeLow();
    expect(paused).not.toContain(0);
  });

  it('counts what a new epoch brought along and forgets the rest', () => {
    const { gate, paused } = gateOn(2, 4);
    gate.onLoad(0, { unsettled: 4, gap: 4 });
    gate.admits(0);
    gate.onAssigned(new Map([[1, idle]]));
    expect(gate.admits(1)).toBe(true);
    gate.onAssigned(new Map([[0, { unsettled: 4, gap: 4 }]]));
    expect(gate.admits(0)).toBe(false);
    expect(paused).toContain(0);
  });

  it('takes nothing once it is shut, in this epoch and in later ones', () => {
    const { gate, paused } = gateOn(2, 4);
    gate.shut();
    expect([...paused]).toEqual([0, 1]);
    gate.resumeLow();
    expect(gate.admits(0)).toBe(false);
    gate.onAssigned(new Map([[2, idle]]));
    expect(paused).toContain(2);
  });

  it('never has more than its credits out and always ends with everything resumed', () => {
    const steps = fc.array(fc.record({ partition: fc.nat({ max: 5 }), deliver: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        steps,
        (size, credits, some) => {
          const { gate, paused } = gateOn(size, credits);
          const out = new Array<number>(size).fill(0);
          const total = () => out.reduce((sum, each) => sum + each, 0);
          const move = (partition: number, by: number) => {
            const unsettled = (out[partition] ?? 0) + by;
            out[partition] = unsettled;
            gate.onLoad(partition, { unsettled, gap: unsettled });
          };
          for (const { partition: any, deliver } of some) {
            const partition = any % size;
            if (deliver && !paused.has(partition) && gate.admits(partition)) move(partition, 1);
            if (!deliver && (out[partition] ?? 0) > 0) {
              move(partition, -1);
              gate.resumeLow();
            }
            expect(total()).toBeLessThanOrEqual(credits);
          }
          for (let partition = 0; partition < size; partition += 1)
            while ((out[partition] ?? 0) > 0) {
              move(partition, -1);
              gate.resumeLow();
            }
          if (some.some(({ deliver }) => !deliver) || total() > 0) gate.resumeLow();
          expect([...paused]).toEqual([]);
        },
      ),
    );
  });
});
