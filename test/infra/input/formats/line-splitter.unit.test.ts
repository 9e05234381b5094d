import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../src/infra/input/formats/line-splitter.ts';
import { cutAt, places, split, trickyText } from './splitting.ts';

describe('LineSplitter', () => {
  it('numbers lines from 1, blank ones too, and needs no newline at the end', () => {
    expect(split(new LineSplitter(100), 'a\n\nb')).toEqual(['1: a', '2: ', '3: b']);
    expect(split(new LineSplitter(100), 'a\n')).toEqual(['1: a']);
    expect(split(new LineSplitter(100))).toEqual([]);
  });

  it('reports a line past the limit with its length and goes on with the next', () => {
    const reason = 'too long: expected at most 3 bytes, came 5';
    expect(split(new LineSplitter(3), 'abc\nab', 'cd', 'e\nf')).toEqual(['1: abc', `2! ${reason}`, '3: f']);
  });

  it('keeps no more than the beginning of an oversized line', () => {
    const splitter = new LineSplitter(10_000);
    for (let part = 0; part < 100; part += 1) Array.from(splitter.push(Buffer.alloc(1_000, 'a')));
    const [line] = splitter.end();
    expect(line?.kind === 'broken' && line.head.length).toBe(8_192);
  });

  it('gives the same lines for any chunking', () => {
    fc.assert(
      fc.property(trickyText, places, fc.integer({ min: 1, max: 30 }), (text, cuts, limit) => {
        const bytes = Buffer.from(text);
        const whole = split(new LineSplitter(limit), bytes);
        expect(split(new LineSplitter(limit), ...cutAt(bytes, cuts))).toEqual(whole);
      }),
    );
  });

  it('loses and adds no byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), places, (bytes, cuts) => {
        const splitter = new LineSplitter(1_000);
        const lines: Uint8Array[] = [];
        for (const chunk of [...cutAt(Buffer.from(bytes), cuts), Buffer.from('\n')]) {
          for (const line of splitter.push(chunk)) {
            if (line.kind === 'whole') lines.push(line.bytes, Buffer.from('\n'));
          }
        }
        expect(Buffer.concat(lines)).toEqual(Buffer.concat([bytes, Buffer.from('\n')]));
      }),
    );
  });
});
