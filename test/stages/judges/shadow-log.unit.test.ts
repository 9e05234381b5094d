import { describe, expect, it, vi } from 'vitest';
import { shadowLog, shadowQuestions, verdictsOf } from '../../../src/stages/judges/shadow-log.ts';
import type { ShadowVerdict } from '../../../src/stages/store/shadow-repository.ts';
import { deadLetterTopic } from '../../../src/streams/delivery/dead-letter.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { laneName, questionId, workKey } from '../../support/stage/work.ts';

const verdict: ShadowVerdict = {
  ...{ shadow: 'strict', lane: laneName('main'), questionId: questionId('q1'), revision: 0 },
  ...{ live: 'approved', liveScore: 9, verdict: 'rejected', score: 3, feedback: 'Wrong.' },
  at: '2026-01-01T00:00:00.000Z',
} as const;
const record = { key: 'q1', value: JSON.stringify(verdict) };

describe('the log of a shadow judge', () => {
  it('keeps its verdicts in the book', async () => {
    const [log, keep] = [new FakeLog(), vi.fn(async () => undefined)];
    await shadowLog(log, 'strict', { keep }).publish(verdictsOf('strict'), [record]);
    expect(keep).toHaveBeenCalledExactlyOnceWith(verdict);
    expect(log.published).toEqual([]);
  });

  it.each(['millrace.storage', 'millrace.dataset', deadLetterTopic('millrace.review'), verdictsOf('mild')])(
    'lets nothing reach %s',
    async (topic) => {
      const [log, keep] = [new FakeLog(), vi.fn(async () => undefined)];
      await shadowLog(log, 'strict', { keep }).publish(topic, [record]);
      expect(keep).not.toHaveBeenCalled();
      expect(log.published).toEqual([]);
    },
  );

  it('refuses to keep what is no verdict', async () => {
    const log = shadowLog(new FakeLog(), 'strict', { keep: async () => undefined });
    const kept = log.publish(verdictsOf('strict'), [{ key: 'q1', value: '{"live":"maybe"}' }]);
    await expect(kept).rejects.toMatchObject({ kind: 'fatal' });
  });
});

describe('the questions of a shadow judge', () => {
  it('stay where they stand; one that a person is asked about waits in the lane of the live judge', async () => {
    const put = vi.fn(async () => undefined);
    const questions = shadowQuestions({ put }, laneName('main'));
    const work = workKey({ lane: laneName('shadow-strict'), stage: 'review', revision: 1 });
    await questions.move({ work, status: 'reviewed' });
    expect(put).not.toHaveBeenCalled();
    const waiting = { why: 'disagreement', shown: '{}' };
    await questions.move({ work, status: 'held', waiting });
    expect(put).toHaveBeenCalledExactlyOnceWith({ ...work, lane: 'main' }, waiting);
  });
});
