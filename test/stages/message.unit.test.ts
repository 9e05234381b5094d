import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES } from '../../src/stages/limits.ts';
import {
  decodeMessage,
  generationMessage,
  questionsMessage,
  recordOf,
  researchMessage,
  reviewMessage,
  storageMessage,
  workKeyOf,
} from '../../src/stages/message.ts';
import { questionIdOf } from '../../src/stages/question.ts';
import { parseExact } from '../../src/stages/text/parse-exact.ts';
import { Failure } from '../../src/streams/failure.ts';
import type { LogRecord } from '../../src/streams/log/log.ts';
import { logRecord } from '../support/stage/records.ts';
import {
  candidate,
  earlier,
  questionOf,
  recordWith,
  research,
  reviewOf,
} from '../support/stage/stage-fixtures.ts';

const schemas = { questionsMessage, researchMessage, generationMessage, reviewMessage, storageMessage };

const whole = {
  v: 1,
  lane: 'main',
  revision: 0,
  drive: 0,
  question: questionOf(),
  research,
  candidate,
  provenance: [earlier],
  review: reviewOf('approved'),
  shadow: { name: 'strict', score: 5.5, verdict: 'rejected', feedback: 'Too short.' },
};

function failureOf(value: LogRecord['value'], schema: keyof typeof schemas = 'researchMessage'): unknown {
  try {
    decodeMessage<unknown>(schemas[schema], logRecord({ value }));
    return undefined;
  } catch (error) {
    return error;
  }
}

const names = fc.constantFrom(
  'questionsMessage',
  'researchMessage',
  'generationMessage',
  'reviewMessage',
  'storageMessage',
);

describe('decoding a record', () => {
  it('of any bytes throws nothing but a Failure of kind poison', () => {
    fc.assert(
      fc.property(names, fc.uint8Array({ maxLength: 200 }), (schema, bytes) => {
        expect(failureOf(bytes, schema)).toMatchObject({ kind: 'poison' });
      }),
    );
  });

  it('of any text throws nothing but a Failure of kind poison', () => {
    fc.assert(
      fc.property(names, fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (schema, text) => {
        const error = failureOf(text, schema);
        expect(error).toBeInstanceOf(Failure);
        expect(error).toMatchObject({ kind: 'poison' });
      }),
    );
  });

  it('of a message with any one field spoilt either works or is poison', () => {
    const field = fc.constantFrom(...Object.keys(whole));
    fc.assert(
      fc.property(names, field, fc.jsonValue(), (schema, name, value) => {
        const error = failureOf(JSON.stringify({ ...whole, [name]: value }), schema);
        if (error !== undefined) expect(error).toMatchObject({ kind: 'poison', code: 'schema_mismatch' });
      }),
    );
  });

  it.each<[string, LogRecord['value'], string]>([
    ['a tombstone', null, 'empty_record'],
    ['no UTF-8', new Uint8Array([0xff, 0xfe]), 'not_utf8'],
    ['no JSON', '{"v":1', 'not_json'],
    ['an empty text', '', 'not_json'],
    ['an older version', JSON.stringify({ ...whole, v: 0 }), 'schema_mismatch'],
    ['a newer version', JSON.stringify({ ...whole, v: 5 }), 'newer_record'],
    ['a lane that is a path', JSON.stringify({ ...whole, lane: '../main' }), 'schema_mismatch'],
    ['a lane with a line end', JSON.stringify({ ...whole, lane: 'main\n' }), 'schema_mismatch'],
    ['a negative revision', JSON.stringify({ ...whole, revision: -1 }), 'schema_mismatch'],
    ['half a revision', JSON.stringify({ ...whole, revision: 0.5 }), 'schema_mismatch'],
    ['a revision beyond its rank', JSON.stringify({ ...whole, revision: 1_001 }), 'schema_mismatch'],
    ['a prototype', '{"__proto__":{"v":1},"question":{}}', 'schema_mismatch'],
    ['more than a record may hold', ' '.repeat(MAX_RECORD_BYTES + 1), 'too_large'],
    ['ten thousand brackets', '['.repeat(10_000), 'not_json'],
    ['a hundred thousand lists in lists', '['.repeat(100_000) + ']'.repeat(100_000), 'too_deep'],
    ['8 MiB of brackets', '['.repeat(4 * 2 ** 20) + ']'.repeat(4 * 2 ** 20), 'too_deep'],
    ['deep lists behind a long string', `["${'\\"\\\\'.repeat(50_000)}",${'['.repeat(100)}`, 'too_deep'],
    ['41 levels', `${'{"a":'.repeat(41)}1${'}'.repeat(41)}`, 'too_deep'],
  ])('of %s says what is wrong', (_, value, code) => {
    expect(failureOf(value)).toMatchObject({ kind: 'poison', code });
  });

  it('of a long number names no class of ours', () => {
    const value = JSON.stringify({ ...whole, lane: 0 }).replace('"lane":0', '"lane":12345678901234567890');
    const read = () => decodeMessage(reviewMessage, logRecord({ value }), parseExact);
    expect(read).toThrow('received a number of too many digits');
    expect(read).not.toThrow('LongNumber');
  });

  it('reads bytes and text alike', () => {
    const text = JSON.stringify(whole);
    const bytes = new TextEncoder().encode(text);
    const [one, two] = [text, bytes].map((value) => decodeMessage(reviewMessage, logRecord({ value })));
    expect(one).toEqual(two);
  });

  it('takes a record without lane, revision and drive for the first pass of the main lane', () => {
    const message = decodeMessage(researchMessage, recordWith({ v: 1, question: questionOf() }));
    expect(message).toMatchObject({ lane: 'main', revision: 0, drive: 0 });
  });
});

describe('the work of a message', () => {
  it('is computed from its question: a wrong id cannot be smuggled in', () => {
    const message = decodeMessage(researchMessage, recordWith({ ...whole, questionId: 'another' }));
    expect(workKeyOf('research', message)).toEqual({
      lane: 'main',
      questionId: questionIdOf(questionOf()),
      stage: 'research',
      revision: 0,
      drive: 0,
    });
  });

  it('of any valid question is found again after it travelled as a record', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(text, text, (first, second) => {
        const parsed = researchMessage.safeParse({
          v: 1,
          question: questionOf({ text: first, context: second }),
        });
        fc.pre(parsed.success);
        const key = workKeyOf('research', parsed.data);
        const record = recordOf(key.questionId, parsed.data);
        const again = decodeMessage(researchMessage, logRecord({ value: record.value }));
        expect(record.key).toBe(key.questionId);
        expect(workKeyOf('research', again)).toEqual(key);
      }),
    );
  });
});

describe('a record of a newer version', () => {
  it('is told apart from what no version can read, with its version and what to do', () => {
    const failure = failureOf(JSON.stringify({ v: 5, question: 'in other words' }));
    expect(failure).toMatchObject({ kind: 'poison', code: 'newer_record' });
    expect(failure).toHaveProperty(
      'message',
      expect.stringMatching(/is of version 5, and .* up to 4: .*Update Millrace/),
    );
    for (const v of [0, 1, 2, 3, 4, '5', 1.5, null])
      expect(failureOf(JSON.stringify({ v }))).toMatchObject({ kind: 'poison', code: 'schema_mismatch' });
  });
});
