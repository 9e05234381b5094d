import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import type { Token } from '../../../../src/streams/work/work.ts';
import { newWork } from '../../../../src/testing/store/fixtures.ts';
import { shownOf } from '../../../../src/testing/store/review-queue.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it('a row of the review queue that nobody can read fails who asks for it, and no write of another', async () => {
  const data = await tempDir();
  const { store, close } = await openEmbedded({ data, namespace: 'millrace', mode: 'consume' });
  onTestFinished(() => close());
  const work = newWork({ stage: 'review' });
  await store.reviewQueue.put(work, shownOf(work, 'score'));
  const db = new DatabaseSync(join(data, 'millrace.db'));
  db.exec("UPDATE desk SET shown = 'of another version'");
  db.close();
  const claim = { reviewer: 'Ann', token: randomUUID() as Token, forMs: 60_000 };
  const run = { id: 'r', lane: MAIN_LANE, startedAt: '2026-01-01', input: 'x' };
  const [claiming, opening] = await Promise.allSettled([
    store.reviewQueue.claimNext(MAIN_LANE, claim),
    store.runs.open(run),
  ]);
  expect(claiming).toMatchObject({ status: 'rejected', reason: { code: 'unreadable_data' } });
  expect(opening.status).toBe('fulfilled');
  expect(await store.runs.latest()).toMatchObject({ id: 'r' });
});
