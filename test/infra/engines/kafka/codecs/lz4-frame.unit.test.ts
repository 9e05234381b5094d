import fc from 'fast-check';
import * as lz4 from 'lz4js';
import { describe, expect, it } from 'vitest';
import { unlz4 } from '../../../../../src/infra/engines/kafka/codecs/lz4-frame.ts';
import { Failure } from '../../../../../src/streams/failure.ts';

const MOST = 2 ** 20;
const tooLarge = () => new Failure('poison', 'batch_too_large', 'too large');
const unpack = (packed: Uint8Array, most = MOST) => unlz4(Buffer.from(packed), most, tooLarge);

const text = fc.array(fc.constantFrom('abc', 'abcabc', 'x', '\u0000', 'Grüße'), { maxLength: 400 });

describe('an LZ4 frame', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (words, times) => {
        const data = Buffer.from(words.join('').repeat(times));
        expect(unpack(lz4.compress(data))).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it('of several blocks and behind another one comes back as it was', () => {
    const data = Buffer.from(Array.from({ length: 900_000 }, (_, index) => (index * index) % 251));
    const twice = Buffer.concat([lz4.compress(data), lz4.compress(data.subarray(0, 10))]);
    expect(unpack(twice)).toEqual(Buffer.concat([data, data.subarray(0, 10)]));
  });

  it('that unpacks to more is refused before it is made', () => {
    expect(() => unpack(lz4.compress(Buffer.alloc(MOST + 1)))).toThrow(
      expect.objectContaining({ code: 'batch_too_large' }),
    );
  });

  // lz4js made gigabytes of them, for many seconds.
  it.each([
    '04224d184070df270000006f68656c6c6f200600ffffffffffffffffffffffffffffffffffffffffffffff6950656c6c6f2000000027',
    '04224d184070df8200000e6f68656c6c6f200600ffffffffffffffffffffffd9ffffffffffffffffffffff6950656c6c6f2000000000',
  ])('%s is damaged', (hex) => {
    expect(() => unpack(Buffer.from(hex, 'hex'))).toThrow();
  });

  it('with bytes changed or cut is refused, or makes no more than is allowed', () => {
    const good = Buffer.from(lz4.compress(Buffer.from('hello hello hello, hello again. '.repeat(20))));
    const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: good.length }),
        (changes, cut) => {
          const bytes = Buffer.from(good.subarray(0, good.length - (cut % 5)));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            expect(unpack(bytes).length).toBeLessThanOrEqual(MOST);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
