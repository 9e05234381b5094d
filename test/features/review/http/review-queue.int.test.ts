import { expect, it } from 'vitest';
import { queueRoutes } from '../../../../src/features/review/http/queue-routes.ts';
import { claimedSchema, queueSchema } from '../../../../src/features/review/http/schemas.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import { questionOf, workOf } from '../../../../src/testing/store/fixtures.ts';
import { shownOf } from '../../../../src/testing/store/review-queue.ts';
import { embedded, served } from '../../../support/http/served.ts';

it('the desk shows what the askers of a question know it by, of what was claimed', async () => {
  const engine = await embedded();
  const { reviewQueue, reports, questions } = engine.store;
  const { api } = await served({ engine, routes: queueRoutes({ queue: reviewQueue, reports }) });
  const question = questionOf();
  const work = workOf(question, { lane: MAIN_LANE, stage: 'questions' });
  const known = { id: 'pg-013', metadata: { tweet: '1234567890123456789' } };
  for (const run of ['run-1', 'run-2'])
    await questions.accept(work, question, { run, position: 0, ...known });
  await reviewQueue.put(work, shownOf(work, 'score', question));
  const queue = queueSchema.parse((await api.call('/v1/review/queue')).body);
  expect(queue.items).toMatchObject([{ questionId: work.questionId }]);
  const next = await api.post({ reviewer: 'Ann' }, '/v1/review/next');
  expect(claimedSchema.parse(next.body).item.askedAs).toEqual([known]);
  const again = await api.post({ reviewer: 'Ann' }, `/v1/review/${MAIN_LANE}/${work.questionId}/claim`);
  expect(claimedSchema.parse(again.body).item.askedAs).toEqual([known]);
});
