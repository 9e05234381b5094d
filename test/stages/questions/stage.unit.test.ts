import { describe, expect, it, vi } from 'vitest';
import { decodeMessage, researchMessage } from '../../../src/stages/message.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { questionsStage } from '../../../src/stages/questions/stage.ts';
import type { QuestionStored } from '../../../src/stages/store/store.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  firstAttempt,
  nextRecord,
  questionOf,
  recordWith,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { finished } from '../../support/stage/work.ts';

const accept = vi.fn(async () => undefined);
const store = Object.assign(new FakeWorkStore<QuestionStored>(), { accept });
const stage = questionsStage(topics, store);
const submission = { run: 'r1', position: 3, id: 'mine', metadata: { a: 1 } };
const message = stage.decode(recordWith({ v: 1, question: questionOf(), submission, drive: 2 }));

describe('stage 1', () => {
  it('keeps the question and who asked it, at every delivery', async () => {
    await stage.accept?.(message);
    expect(accept).toHaveBeenCalledWith(stage.workOf(message), questionOf(), submission);
  });

  it('sends the question to research, without who asked', () => {
    const decision = stage.decide(message, finished({ stored: true }));
    expect(decision).toMatchObject({ kind: 'emit', status: 'questions_added', topic: 'millrace.research' });
    const record = nextRecord(decision);
    expect(record.key).toBe(questionIdOf(questionOf()));
    expect(JSON.parse(String(record.value))).not.toHaveProperty('submission');
    expect(decodeMessage(researchMessage, record)).toEqual({
      v: 1,
      lane: 'main',
      revision: 0,
      drive: 2,
      question: questionOf(),
    });
  });

  it('costs nothing', async () => {
    await expect(stage.run(message, firstAttempt)).resolves.toMatchObject({ model: '', costUsd: 0 });
  });

  it('keeps the digits of numbers that JavaScript would round in what a stranger knows the question by', () => {
    const own = { ...submission, metadata: { tweet: 0, row: { key: [1] } } };
    const { value, ...record } = recordWith({ v: 1, question: questionOf(), submission: own });
    const text = String(value).replace('"tweet":0', '"tweet":1234567890123456789').replace('[1]', '[1e400]');
    expect(stage.decode({ ...record, value: text }).submission?.metadata).toEqual({
      tweet: '1234567890123456789',
      row: { key: ['1e400'] },
    });
  });

  it.each([
    ['text', { question: questionOf({ text: 'Which one: \ud83d?' }) }],
    ['topic', { question: questionOf({ topic: '\ud83d' }) }],
    ['sub-topic', { question: questionOf({ subTopic: '\udc00' }) }],
    ['id', { question: questionOf(), submission: { ...submission, id: '\ud83d' } }],
    ['metadata', { question: questionOf(), submission: { ...submission, metadata: { a: ['\ud83d'] } } }],
    [
      'name of metadata',
      { question: questionOf(), submission: { ...submission, metadata: { '\ud83d': 1 } } },
    ],
  ])('refuses half a character in the %s of a record', async (_, message) => {
    const failure = await failureOf(async () => stage.decode(recordWith({ v: 1, ...message })));
    expect([failure.kind, failure.code]).toEqual(['poison', 'schema_mismatch']);
    expect(failure.message).toContain('expected whole characters, came half of a surrogate pair');
  });

  it('takes a question of which nobody says who asked it', () => {
    expect(stage.decode(recordWith({ v: 1, question: questionOf() })).submission).toBeUndefined();
  });
});
