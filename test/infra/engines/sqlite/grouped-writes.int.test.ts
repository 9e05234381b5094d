import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';
import { EmbeddedLog } from '../../../../src/infra/engines/sqlite/log.ts';
import { EmbeddedStore } from '../../../../src/infra/engines/sqlite/store.ts';
import type { Failure } from '../../../../src/streams/failure.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import {
  deadLetterOf,
  failedAttemptOf,
  finishedWith,
  listOf,
  newLane,
  questionOf,
  research,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const TOPIC = 'a';

async function opened() {
  const db = new Database(join(await tempDir(), 'test.db'));
  onTestFinished(() => db.close());
  const log = new EmbeddedLog(db);
  onTestFinished(() => log.close());
  await log.ensureTopics([{ topic: TOPIC, partitions: 1 }]);
  return { db, log, store: new EmbeddedStore(db) };
}
type Opened = Awaited<ReturnType<typeof opened>>;

/** Writes of every kind in one turn of the event loop, so that they share a transaction. */
async function writeTogether({ log, store }: Opened, more: readonly Promise<unknown>[]) {
  const [lane, question] = [newLane(), questionOf('Why?')];
  const work = workOf(question, { lane });
  const writes = [
    log.publish(TOPIC, [{ key: 'a', value: 'b' }]),
    store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, {
      run: 'r',
      position: 0,
    }),
    store.research.claim(work),
    store.putDeadLetter(deadLetterOf(work)),
    ...more,
  ];
  return { lane, work, results: await Promise.allSettled(writes) };
}

async function contents({ log, store }: Opened, lane: ReturnType<typeof newLane>) {
  return {
    end: (await log.endOffsets(TOPIC)).get(0),
    pending: (await store.reports.progress(lane)).questions.pending,
    run: (await store.runs.counts('r')).pending,
    deadLetters: (await listOf(store.deadLetters.list({}))).length,
  };
}

const NOTHING = { end: 0n, pending: 0, run: 0, deadLetters: 0 };
const EVERYTHING = { end: 1n, pending: 1, run: 1, deadLetters: 1 };

describe('writes that share a transaction', () => {
  it('are written where one among them fails: it fails alone', async () => {
    const all = await opened();
    const broken = all.db.write(() => {
      throw new Error('broken');
    });
    const { lane, work, results } = await writeTogether(all, [broken]);
    expect(results.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected']);
    expect(await contents(all, lane)).toEqual(EVERYTHING);
    expect((await all.store.research.claim(work)).kind).toBe('held');
  });

  it('see what those before them have changed: a question forgotten just now is written no more, a dead letter is closed', async () => {
    const { log, store } = await opened();
    const [lane, question] = [newLane(), questionOf('Why?')];
    const work = workOf(question, { lane });
    const held = await claimed(store.research, work);
    await Promise.all([
      log.publish(TOPIC, [{ key: work.questionId, value: 'before' }]),
      store.putDeadLetter(deadLetterOf(work)),
      store.research.complete(held, finishedWith(research)),
      store.forgotten.mark([work.questionId]),
      log.publish(TOPIC, [{ key: work.questionId, value: 'after' }]),
    ]);
    expect((await listOf(store.deadLetters.list({ lives: ['open'] }))).length).toBe(0);
    expect((await log.endOffsets(TOPIC)).get(0)).toBe(1n);
  });

  it('are written whichever of them are refused, in order, and counted once', async () => {
    const all = await opened();
    all.db.prepare('CREATE TABLE marks (n INTEGER PRIMARY KEY, mark TEXT NOT NULL)').run();
    const put = all.db.prepare('INSERT INTO marks (mark) VALUES (?)');
    const clear = all.db.prepare('DELETE FROM marks');
    const read = all.db.prepare('SELECT mark FROM marks ORDER BY n');
    const batch = fc.array(fc.constantFrom('good', 'refused', 'thrown'), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(batch, async (kinds) => {
        clear.run();
        const [lane, question] = [newLane(), questionOf('Why?')];
        const writes = kinds.map((kind, index) =>
          all.db.write(() => {
            if (kind === 'thrown') throw new Error('thrown');
            put.run(kind === 'refused' ? null : String(index));
          }),
        );
        const work = workOf(question, { lane, stage: 'questions' });
        const accepted = all.store.questions.accept(work, question, undefined);
        const results = await Promise.allSettled(writes);
        await accepted;
        const good = kinds.flatMap((kind, index) => (kind === 'good' ? [String(index)] : []));
        expect(read.all().map(({ mark }) => mark)).toEqual(good);
        expect(results.map(({ status }) => status)).toEqual(
          kinds.map((kind) => (kind === 'good' ? 'fulfilled' : 'rejected')),
        );
        expect((await all.store.reports.progress(lane)).questions.pending).toBe(1);
      }),
    );
  });

  it('say which of them can never be written: one that breaks a rule of its table', async () => {
    const all = await opened();
    all.db.prepare('CREATE TABLE marks (mark TEXT NOT NULL)').run();
    const put = all.db.prepare('INSERT INTO marks (mark) VALUES (?)');
    const refused = all.db.write(() => put.run(null));
    await expect(refused).rejects.toMatchObject({ kind: 'poison', code: 'row_refused' });
  });

  it('work again after a failed transaction, and the counts are right', async () => {
    const all = await opened();
    const broken = all.db.write(() => {
      throw new Error('broken');
    });
    await Promise.allSettled([broken]);
    const { lane, results } = await writeTogether(all, []);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'));
    expect(await contents(all, lane)).toEqual(EVERYTHING);
  });
});

describe('a full disk', () => {
  it('is an outage that names the place, leaves nothing half written, and is over when there is room', async () => {
    const all = await opened();
    const pages = (sql: string) => Number(Object.values(all.db.prepare(sql).get() ?? {})[0]);
    const before = pages('PRAGMA page_count');
    pages(`PRAGMA max_page_count = ${before + 2}`);
    const large = all.log.publish(TOPIC, [{ key: 'a', value: randomBytes(50_000).toString('hex') }]);
    const { lane, results } = await writeTogether(all, [large]);
    for (const result of results) {
      expect(result.status).toBe('rejected');
      const failure: Failure = result.status === 'rejected' ? result.reason : undefined;
      expect(failure).toMatchObject({ kind: 'outage', code: 'disk_full' });
      expect(failure.message).toContain(all.db.path);
    }
    expect(await contents(all, lane)).toEqual(NOTHING);
    pages('PRAGMA max_page_count = 1000000');
    const again = await writeTogether(all, []);
    expect(await contents(all, again.lane)).toEqual(EVERYTHING);
  });

  it('loses no count of what was written before and after it', async () => {
    const all = await opened();
    const work = workOf(questionOf('Why?'), { lane: newLane() });
    const held = await claimed(all.store.research, work);
    await all.store.research.recordAttempt(held, failedAttemptOf(1));
    all.db.prepare('PRAGMA max_page_count = 1').get();
    const full = all.store.research.complete(
      held,
      finishedWith({ ...research, summary: randomBytes(250_000).toString('hex') }),
    );
    await expect(full).rejects.toMatchObject({ code: 'disk_full' });
    all.db.prepare('PRAGMA max_page_count = 1000000').get();
    expect(await all.store.research.complete(held, finishedWith(research))).toBe('stored');
    const { stages } = await all.store.reports.progress(work.lane);
    expect(stages.research).toMatchObject({ done: 1, failedAttempts: 1, costUsd: 0.5 });
  });
});
