import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { WORK_TABLES } from '../../../src/infra/engines/sqlite/schema.ts';
import { groupOf, stageNames, topicOf } from '../../../src/stages/stage-names.ts';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { tempDir } from '../../support/temp-dir.ts';
import type { Engine, Progress } from './engine.ts';

const NAMESPACE = 'millrace';
const progressSchema = z.object({ ended: z.number(), done: z.number() });

/** A data directory that ends with the test. One worker at a time may hold it. */
export async function openEmbeddedEngine(): Promise<Engine> {
  const data = join(await tempDir(), 'data');
  return {
    name: 'embedded',
    namespace: NAMESPACE,
    workers: 1,
    flags: ['--data', data],
    progress: async () => withDatabase(data, progressIn),
    lags: () => lagsOf(data),
    facts: () => embeddedFacts(data, NAMESPACE),
    append: async (topic, values) => {
      const { log, close } = await openEmbedded({ data, namespace: NAMESPACE, mode: 'append' });
      await log.publish(
        topic,
        values.map((value) => ({ key: 'foreign', value })),
      );
      await close();
    },
    forgetOffsets: async () => withDatabase(data, (db) => db.exec('DELETE FROM offsets'), false),
  };
}

function withDatabase<T>(data: string, act: (db: DatabaseSync) => T, readOnly = true): T {
  const db = new DatabaseSync(join(data, `${NAMESPACE}.db`), { readOnly, timeout: 10_000 });
  try {
    return act(db);
  } finally {
    db.close();
  }
}

function progressIn(db: DatabaseSync): Progress {
  const done = Object.values(WORK_TABLES).map(
    (table) => `(SELECT count(*) FROM ${table} WHERE state = 'done')`,
  );
  const ends = `SELECT count(*) FROM questions WHERE status IN ('approved', 'rejected', 'held', 'dead_lettered')`;
  return progressSchema.parse(db.prepare(`SELECT (${ends}) AS ended, ${done.join(' + ')} AS done`).get());
}

async function lagsOf(data: string): Promise<string> {
  const { log, close } = await openEmbedded({ data, namespace: NAMESPACE, mode: 'read' });
  try {
    const lags: string[] = [];
    for (const stage of stageNames()) {
      const committed = await log.committedOffsets(groupOf(NAMESPACE, stage), topicOf(NAMESPACE, stage));
      for (const [partition, end] of await log.endOffsets(topicOf(NAMESPACE, stage)))
        if (end > (committed.get(partition) ?? 0n)) lags.push(stage);
    }
    return lags.join(', ');
  } finally {
    await close();
  }
}
