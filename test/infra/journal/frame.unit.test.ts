import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankLike, type Frame, frameOf, framesIn } from '../../../src/infra/journal/frame.ts';

type Entry = Readonly<{ facts: string; body: readonly Uint8Array[] }>;

const entry: fc.Arbitrary<Entry> = fc.record({
  facts: fc.string({ minLength: 1, unit: 'binary' }).map((text) => JSON.stringify(text)),
  body: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }),
});
const entries = fc.array(entry, { maxLength: 8 });

const bytesOf = ({ facts, body }: Entry) => Buffer.concat(frameOf(facts, body));
const fileOf = (all: readonly Entry[]) => Buffer.concat(all.map(bytesOf));
const read = (file: Buffer) => [...framesIn(file, 0)];
const whole = (frames: readonly Frame[]) =>
  frames.flatMap((frame) => (frame.kind === 'whole' ? [`${frame.facts}|${frame.body.toString('hex')}`] : []));
const expected = (all: readonly Entry[]) =>
  all.map(({ facts, body }) => `${facts}|${Buffer.concat(body).toString('hex')}`);

describe('the frames of a journal', () => {
  it('give back what was written, whatever it was, in whatever pieces', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const frames = read(fileOf(all));
        expect(whole(frames)).toEqual(expected(all));
        expect(frames).toHaveLength(all.length);
      }),
    );
  });

  it('are all read but the last where the last is torn, which is told', () => {
    fc.assert(
      fc.property(entries, entry, fc.nat(), (all, last, cut) => {
        const bytes = bytesOf(last);
        const torn = bytes.subarray(0, 1 + (cut % (bytes.length - 1)));
        const frames = read(Buffer.concat([fileOf(all), torn]));
        expect(whole(frames)).toEqual(expected(all));
        expect(frames.at(-1)).toMatchObject({ kind: 'damaged', bytes: torn.length });
      }),
    );
  });

  it('are all read but the one in which a byte has changed', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (all, which, where) => {
          const index = which % all.length;
          const before = fileOf(all.slice(0, index)).length;
          const file = fileOf(all);
          const at = before + (where % bytesOf(all[index] ?? { facts: '', body: [] }).length);
          file.writeUInt8((file.readUInt8(at) + 1) % 256, at);
          const frames = read(file);
          expect(whole(frames)).toEqual(expected(all.filter((_, each) => each !== index)));
          expect(frames.filter(({ kind }) => kind === 'damaged')).toHaveLength(1);
        },
      ),
    );
  });

  it('are found again behind anything, and zeros are nothing', () => {
    fc.assert(
      fc.property(entries, fc.uint8Array({ minLength: 1, maxLength: 50 }), (all, noise) => {
        const frames = read(Buffer.concat([noise, fileOf(all)]));
        expect(whole(frames)).toEqual(expected(all));
        const silent = noise.every((byte) => byte === 0);
        expect(frames.some(({ kind }) => kind === 'damaged')).toBe(!silent);
      }),
    );
  });

  it('say nothing where one is blanked, and the others stay', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), fc.nat(), (all, which) => {
        const file = fileOf(all);
        const index = which % all.length;
        const frame = read(file)[index];
        if (frame?.kind !== 'whole') return expect.unreachable();
        blankLike(frame).copy(file, frame.at);
        const frames = read(file);
        expect(frames[index]).toEqual({ kind: 'blank', at: frame.at, bytes: frame.bytes });
        expect(whole(frames)).toEqual(expected(all.filter((_, each) => each !== index)));
      }),
    );
  });
});
