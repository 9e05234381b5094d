import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonIn } from '../../src/stages/agent/reply/json-in-reply.ts';
import { decodeMessage, questionsMessage, reviewMessage, storageMessage } from '../../src/stages/message.ts';
import { Failure } from '../../src/streams/failure.ts';
import { HOSTILE_QUESTIONS } from '../support/hostile-questions.ts';
import { logRecord } from '../support/stage/records.ts';

/** Things that look like JSON to a parser that is not careful. */
const piece = fc.constantFrom(
  ...['{', '}', '[', ']', '"', "'", ':', ',', '\\', '```json', '```', '\n', 'null', '1e999', '-', '//', '/*'],
  ...[
    '{"v":1',
    '"question":{"text":"a"',
    '"__proto__":',
    '\u0000',
    '\ud800',
    '\u2028',
    'text',
    'True',
    'NaN',
  ],
);
const nearlyJson = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const anything = fc.oneof(
  nearlyJson,
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...HOSTILE_QUESTIONS),
);

describe('what strangers send', () => {
  it('is a message or a poison, whatever the bytes of a record are', () => {
    const value = fc.oneof(anything, fc.uint8Array({ maxLength: 300 }), fc.constant(null));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(questionsMessage, reviewMessage, storageMessage),
        (bytes, schema) => {
          try {
            decodeMessage<unknown>(schema, logRecord({ value: bytes }));
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect(error).toMatchObject({ kind: 'poison' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is a message or a poison, however odd a well-formed record is', () => {
    const message = fc.record(
      {
        v: fc.oneof(fc.constant(1), fc.anything()),
        lane: fc.oneof(fc.string(), fc.anything()),
        revision: fc.oneof(fc.double(), fc.integer()),
        question: fc.oneof(fc.anything(), fc.record({ text: fc.string(), trainingType: fc.string() })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(message, (odd) => {
        const text = JSON.stringify(odd, (_key, value) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        try {
          decodeMessage<unknown>(questionsMessage, logRecord({ value: text }));
        } catch (error) {
          expect(error).toMatchObject({ kind: 'poison' });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is an object or nothing, whatever a model replies', () => {
    fc.assert(
      fc.property(anything, (reply) => {
        const value = jsonIn(reply);
        expect(value === undefined || (typeof value === 'object' && value !== null)).toBe(true);
        expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a time that grows no faster than a long reply, however its brackets stand', () => {
    for (const part of ['{', '[', '{"a":', '```json\n', '{}', '"', '\\', "{'a':["])
      expect(() => jsonIn(part.repeat(20_000))).not.toThrow();
  });
});
