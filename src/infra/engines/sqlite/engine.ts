import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, Failure } from '../../../streams/failure.ts';
import type { Engine, EngineMode } from '../engine.ts';
import { DataLock } from './data-lock.ts';
import { Database } from './database.ts';
import { EmbeddedLog } from './log.ts';
import { EmbeddedLogAdmin } from './log-admin.ts';
import { makePrivate } from './private-file.ts';
import { EmbeddedStore } from './store.ts';

/** One is enough where one process consumes. */
const PARTITIONS = 1;

export type EmbeddedOptions = Readonly<{
  /** The data directory. Made, for its owner's eyes only, if it is missing. */
  data: string;
  namespace: string;
  mode: EngineMode;
}>;

/**
 * Opens the engine that needs nothing installed: log and store in one SQLite file. Throws Failures: `data_in_use`,
 * `read_only`, `cannot_open`, `corrupt`, `newer_data`, `no_data`.
 */
export async function openEmbedded({ data, namespace, mode }: EmbeddedOptions): Promise<Engine> {
  const path = join(data, `${namespace}.db`);
  if (mode === 'read' && !existsSync(path)) {
    const message = `There is no ${path}: start a run first, or name its directory with --data.`;
    throw new Failure('fatal', 'no_data', message);
  }
  makeDirectory(data);
  const lock = mode === 'consume' ? new DataLock(join(data, `${namespace}.lock`)) : undefined;
  try {
    makePrivate(path);
    const db = new Database(path);
    const log = new EmbeddedLog(db);
    const store = new EmbeddedStore(db);
    const close = async () => {
      await log.close();
      db.close();
      lock?.release();
    };
    return { log, store, admin: new EmbeddedLogAdmin(db), partitions: PARTITIONS, close };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function makeDirectory(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
  } catch (error) {
    const advice = 'Make its parent writable, or name another directory with --data.';
    const message = `Cannot make the data directory ${data}: ${errorText(error)}. ${advice}`;
    throw new Failure('fatal', 'cannot_open', message);
  }
}
