import { describe, expect, it, vi } from 'vitest';
import { decodeMessage, researchMessage } from '../../../src/stages/message.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { questionsStage } from '../../../src/stages/questions/stage.ts';
import type { QuestionStored } from '../../../src/stages/store.ts';
import { FakeWorkStore } from '../../support/fake-work-store.ts';
import { firstAttempt, nextRecord, questionOf, recordWith, topics } from '../../support/stage-fixtures.ts';
import { finished } from '../../support/work.ts';

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

  it('takes a question of which nobody says who asked it', () => {
    expect(stage.decode(recordWith({ v: 1, question: questionOf() })).submission).toBeUndefined();
  });
});
