import { describe, expect, it } from 'vitest';
import { redrivenRecord } from '../../../src/features/redrive/redriven-record.ts';
import {
  DEAD_LETTER_HEADER,
  DRIVE_HEADER,
  type StoredDeadLetter,
} from '../../../src/streams/delivery/dead-letter.ts';
import { deadLetterOf, questionOf, storedDeadLetter, workOf } from '../../../src/testing/store/fixtures.ts';

const question = questionOf('Why?');
const work = workOf(question, { revision: 1 });
const message = { v: 1, lane: 'main', revision: 1, drive: 0, question, extra: { kept: true } };

function deadLetter(overrides: Partial<StoredDeadLetter> = {}): StoredDeadLetter {
  return storedDeadLetter(deadLetterOf(work, { value: JSON.stringify(message) }), { drive: 3, ...overrides });
}

const messageIn = ({ record }: ReturnType<typeof redrivenRecord>) => JSON.parse(String(record.value));

describe('a dead letter that is sent again', () => {
  it('is the original message with its new drive, under its key and headers', () => {
    const sent = redrivenRecord(deadLetter(), undefined);
    expect(messageIn(sent)).toEqual({ ...message, drive: 3 });
    expect(sent.record).toMatchObject({ key: work.questionId, headers: { 'x-one': '1' } });
    expect(sent.about).toEqual({ work: { ...work, drive: 3 }, question });
  });

  it('is read from bytes as well, which is how Kafka has it', () => {
    const sent = redrivenRecord(deadLetter({ value: Buffer.from(JSON.stringify(message)) }), undefined);
    expect(messageIn(sent)).toEqual({ ...message, drive: 3 });
  });

  it('carries what the operator changes, and not what an operator before him changed', () => {
    const before = JSON.stringify({ ...message, override: { model: 'old', maxAttempts: 9 } });
    expect(messageIn(redrivenRecord(deadLetter({ value: before }), { model: 'new' })).override).toEqual({
      model: 'new',
    });
    expect(messageIn(redrivenRecord(deadLetter({ value: before }), undefined))).not.toHaveProperty(
      'override',
    );
  });

  it.each([[Uint8Array.from([0, 255])], ['{"half":'], [null]])(
    'goes as the same bytes where it could not be decoded: %j',
    (value) => {
      const id = 'millrace.research:0:7';
      const sent = redrivenRecord(deadLetter({ id, work: undefined, key: null, value }), { model: 'new' });
      expect(sent.about).toBeUndefined();
      expect(sent.record).toEqual({
        key: id,
        value,
        headers: { 'x-one': '1', [DEAD_LETTER_HEADER]: id, [DRIVE_HEADER]: '3' },
      });
    },
  );
});
