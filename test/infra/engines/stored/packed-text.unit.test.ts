import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DICTIONARY } from '../../../../src/infra/engines/stored/dictionary.ts';
import {
  packing,
  packingAlone,
  packingWithin,
  packText,
  unpackText,
} from '../../../../src/infra/engines/stored/packed-text.ts';

/** What the first version with packed texts wrote: it must be read for ever. */
const GOLDEN = {
  text: `{"v":1,"lane":"main","revision":0,"drive":0,"question":{"text":"Why is the sky blue? Ünïcödé 雲"}}`,
  hex: '01c39ea189cfc6e11995a0d629b8f59b5da99094539a6aaf70784edee1f5c987b7a51c5ea9f072f626a5da5a00',
};

/** The same of a long one. */
const LONG = {
  text: 'Why is the sky blue? Ünïcödé 雲 '.repeat(300),
  hex: '28b52ffd605c2a75010054025768792069732074686520736b7920626c75653f20c39c6ec3af63c3b664c3a920e99bb2200100a55988574f',
};

describe('a packed text', () => {
  it('is the same text when it is unpacked, whatever it holds and however long it is', () => {
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 500 }));
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 400 }), (piece, times) => {
        const text = piece.repeat(times);
        expect(unpackText(packText(text))).toBe(text);
      }),
    );
  });

  it('that an earlier version wrote is still read', () => {
    expect(unpackText(Buffer.from(GOLDEN.hex, 'hex'))).toBe(GOLDEN.text);
    expect(unpackText(Buffer.from(LONG.hex, 'hex'))).toBe(LONG.text);
  });

  it('depends on a dictionary that never changes', () => {
    expect(createHash('sha256').update(DICTIONARY).digest('hex')).toBe(
      '8320972f1de14cfe8af4923c17282fe36d016733bc48ac359260c42c6fa37a86',
    );
  });

  it('says a story twice for little more than once', () => {
    const story = Array.from({ length: 80 }, (_, index) =>
      createHash('md5').update(`${index}`).digest('hex'),
    ).join('');
    const once = packText(JSON.stringify({ result: story })).length;
    const twice = packText(JSON.stringify({ reply: story, result: story })).length;
    expect(twice).toBeLessThan(once * 1.1);
  });

  it('is refused with an error where its bytes are none of ours, cut short, or packed in a way of the future', () => {
    const [packed, long] = [100, 1_000].map((times) => packText('what is the matter?'.repeat(times)));
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('text'),
      packed?.subarray(0, packed.length / 2) ?? Buffer.alloc(0),
      long?.subarray(0, long.length / 2) ?? Buffer.alloc(0),
      Buffer.of(2, 1, 2, 3),
      Buffer.of(3, 1, 2, 3),
    ])
      expect(() => unpackText(bytes)).toThrow(Error);
  });
});

describe('what is written of a text', () => {
  it('is the text itself where it is short, and its packed bytes alone where it is long', () => {
    expect(packing('short')).toEqual({ plain: 'short', packed: null });
    const long = 'long '.repeat(300);
    const { plain, packed } = packing(long);
    expect(plain).toBe('');
    expect(packed === null ? undefined : unpackText(packed)).toBe(long);
    expect([packingAlone('short'), packingAlone(long)]).toEqual([packing('short'), packing(long)]);
  });
});

describe('what is written of a text within another', () => {
  const inner = JSON.stringify({ story: 'A story that is long enough. '.repeat(100) });
  const bytesOf = (text: string) => packing(text).packed;

  it('is read as one text, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, behind) => {
        const { plain, packed } = packingWithin(before, inner, behind);
        expect(plain).toBe('');
        expect(packed === null ? undefined : unpackText(packed)).toBe(
          Buffer.from(before).toString() + inner + Buffer.from(behind).toString(),
        );
      }),
    );
  });

  it('is the text itself where all of it is short', () => {
    expect(packingWithin('{"a":', '1', '}')).toEqual({ plain: '{"a":1}', packed: null });
  });

  it('holds the very bytes that are written of the inner text next', () => {
    const { packed } = packingWithin('{"result":', inner, '}');
    const again = bytesOf(inner);
    expect(again === null ? -1 : Buffer.from(packed ?? []).indexOf(again)).toBeGreaterThan(0);
    expect(again === null ? undefined : unpackText(again)).toBe(inner);
    expect(bytesOf(inner)).toEqual(again);
  });
});
