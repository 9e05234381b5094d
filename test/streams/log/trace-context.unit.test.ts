import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTraceOf, traceContextOf, traceparentOf } from '../../../src/streams/log/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;
const read = (text: string) => traceContextOf({ headers: { traceparent: text } });
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((text) => /[1-9a-f]/.test(text));

describe('a traceparent', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (trace, span, sampled) => {
        const context = { traceId: trace, spanId: span, sampled };
        expect(read(traceparentOf(context))).toEqual(context);
      }),
    );
  });

  it('of a later version may say more at its end', () => {
    expect(read(`cc-${traceId}-${spanId}-01-what-the-future-brings`)).toMatchObject({ traceId, spanId });
  });

  it.each([
    '',
    'garbage',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `${traceparent}-more`,
    `${traceparent}\n`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(10_000)}`,
  ])('that is none (%j) is passed over', (text) => {
    expect(read(text)).toBeUndefined();
    const result = {
      kind: 'emit',
      status: 'reviewed',
      topic: 't',
      records: [{ key: 'k', value: 'v' }],
    } as const;
    expect(inTraceOf({ headers: { traceparent: text } }, result)).toBe(result);
  });

  it('never throws, whatever a foreign client sends', () => {
    fc.assert(fc.property(fc.string(), (text) => void read(text)));
  });

  it('is given to what follows from a record, beside the headers that are there', () => {
    const records = [{ key: 'k', value: 'v', headers: { own: '1' } }];
    const result = { kind: 'finish', status: 'reviewed', topic: 't', records } as const;
    expect(inTraceOf({ headers: { traceparent } }, result)).toMatchObject({
      records: [{ headers: { own: '1', traceparent } }],
    });
    expect(inTraceOf({ headers: {} }, result)).toBe(result);
  });
});
