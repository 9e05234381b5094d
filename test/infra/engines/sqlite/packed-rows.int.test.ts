import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../../../src/infra/engines/engine.ts';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { defineFunctions } from '../../../../src/infra/engines/sqlite/functions.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { finishedWith, newWork, research } from '../../../../src/testing/store/fixtures.ts';
import { readTopic } from '../../../support/run/read-topic.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const TOPIC = 'packed';
const STORY = JSON.stringify({ story: 'A story that is long enough. '.repeat(100) });

async function opened() {
  const data = await tempDir();
  const engine = await openEmbedded({ data, namespace: 'millrace', mode: 'consume' });
  onTestFinished(() => engine.close());
  await engine.log.ensureTopics([{ topic: TOPIC, partitions: 1 }]);
  const path = join(data, 'millrace.db');
  const change = (sql: string) => {
    using db = new DatabaseSync(path);
    defineFunctions(db);
    db.exec(sql);
  };
  return { ...engine, path, change };
}

async function valuesOf({ log }: Pick<Engine, 'log'>): Promise<unknown[]> {
  const values: unknown[] = [];
  const until = await log.endOffsets(TOPIC);
  await readTopic(log, { topic: TOPIC, group: 'reader', until }, ({ value }) => values.push(value));
  return values;
}

describe('the rows of a database', () => {
  it('that an older version wrote are read beside packed ones', async () => {
    const engine = await opened();
    await engine.log.publish(TOPIC, [
      { key: 'old', value: STORY },
      { key: 'new', value: STORY },
    ]);
    engine.change(
      "UPDATE records SET value = coalesce(unpacked(packed), value), packed = NULL WHERE key = 'old'",
    );
    expect(await valuesOf(engine)).toEqual([STORY, STORY]);
  });

  it('hold bytes that are no text as they are', async () => {
    const engine = await opened();
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 1, 2, 3]);
    await engine.log.publish(TOPIC, [{ key: 'bytes', value: bytes }]);
    expect(await valuesOf(engine)).toEqual([new Uint8Array(bytes)]);
  });

  it('whose packed bytes are damaged hold up no record behind them', async () => {
    const engine = await opened();
    await engine.log.publish(TOPIC, [
      { key: 'a', value: STORY },
      { key: 'b', value: STORY },
    ]);
    engine.change("UPDATE records SET packed = x'01ff00ff' WHERE key = 'a'");
    expect(await valuesOf(engine)).toEqual([new Uint8Array([1, 0xff, 0, 0xff]), STORY]);
  });

  it('keep nothing of a record whose key was forgotten', async () => {
    const engine = await opened();
    await engine.log.publish(TOPIC, [{ key: 'gone', value: STORY }]);
    await engine.admin.forgetKeys([TOPIC], ['gone']);
    expect(await valuesOf(engine)).toEqual([null]);
    engine.change('SELECT 1 / (count(*) = 0) FROM records WHERE value IS NOT NULL OR packed IS NOT NULL');
  });

  it('hold a result and its attempts as they were given, and short ones as plain text', async () => {
    const { store } = await opened();
    const [short, long] = [newWork({ stage: 'research' }), newWork({ stage: 'research' })];
    for (const [work, summary] of [
      [short, 'brief'],
      [long, 'lengthy '.repeat(200)],
    ] as const) {
      const claim = await store.research.claim(work);
      if (claim.kind !== 'claimed') throw new Error(claim.kind);
      const result = { ...research, summary };
      const held = { workId: workIdOf(work), token: claim.token };
      const finished = finishedWith(result);
      expect(await store.research.complete(held, finished)).toBe('stored');
      expect(await store.research.find(work)).toEqual(finished);
    }
  });
});
