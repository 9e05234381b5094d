import { chmod, mkdir, open as openFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import type { LaneName } from '../../../../src/streams/work/work.ts';
import { storeMadeBy, unpackStore } from '../../../fixtures/stores/unpack.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { startNode } from '../../../support/process/child.ts';
import { ended } from '../../../support/process/millrace.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const DATABASE = new URL('../../../../src/infra/engines/sqlite/database.ts', import.meta.url).href;

const open = (data: string) => openEmbedded({ data, namespace: 'millrace', mode: 'consume' });
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

async function withUmask<T>(mask: number, work: () => Promise<T>): Promise<T> {
  const before = process.umask(mask);
  return work().finally(() => process.umask(before));
}

async function expectPrivate(data: string): Promise<void> {
  for (const name of await readdir(data))
    expect([name, await modeOf(join(data, name))]).toEqual([name, '600']);
}

/**
 * Commit 4905ecd, `#version` in src/infra/embedded/database.ts: what 0.1.0 looks at first in a file that it opens, and says where
 * the file's version is above its own, the number of its migrations.
 */
function saidBy010(path: string, own: number): string | undefined {
  return versionOf(path) > own ? `${path} was written by a newer Millrace: update it.` : undefined;
}

function versionOf(path: string): number {
  return withDatabase(path, (db) => Number(db.prepare('PRAGMA user_version').get()?.['user_version']));
}

describe('the files of the embedded engine', () => {
  it('are for their owner only, the directory too', async () => {
    const data = join(await tempDir(), 'deep', 'data');
    await withUmask(0o022, async () => {
      const engine = await open(data);
      await engine.log.ensureTopics([{ topic: 'a', partitions: 1 }]);
      expect(await modeOf(data)).toBe('700');
      expect(await readdir(data)).toEqual(
        expect.arrayContaining([
          'millrace.db',
          'millrace.db-shm',
          'millrace.db-wal',
          'millrace.lock',
          'millrace.lock.holder',
        ]),
      );
      await expectPrivate(data);
      await engine.close();
    });
  });

  it('are closed to others in a directory that was there before, which is left as it is', async () => {
    const data = await tempDir();
    await chmod(data, 0o755);
    await withUmask(0o022, async () => {
      const engine = await open(data);
      await engine.log.ensureTopics([{ topic: 'a', partitions: 1 }]);
      expect(await modeOf(data)).toBe('755');
      await expectPrivate(data);
      await engine.close();
    });
  });

  it('are made by one of many processes that open them at once, and taken by all', async () => {
    const path = join(await tempDir(), 'new.db');
    const script = `import('${DATABASE}').then(({ Database }) => new Database(process.argv[1]).close());`;
    const opened = Array.from({ length: 6 }, () => ended(startNode(['-e', script, path])));
    for (const { code, stderr } of await Promise.all(opened)) expect([code, stderr]).toEqual([0, '']);
  });

  it('of a newer version are refused with the advice to update, and left as they are', async () => {
    const data = await tempDir();
    await (await open(data)).close();
    const path = join(data, 'millrace.db');
    withDatabase(path, (db) => db.exec('PRAGMA user_version = 99'));
    const failure = await failureOf(() => open(data));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'newer_data' });
    expect(failure.message).toContain(path);
    expect(versionOf(path)).toBe(99);
    await failureOf(() => open(data));
  });

  it('keep 0.1.0 out: their version is above its own, and it says so before it changes anything', async () => {
    const [old, data] = [await tempDir(), await tempDir()];
    await unpackStore(storeMadeBy('0.1.0', 'embedded'), old);
    await (await open(data)).close();
    const [own, path] = [versionOf(join(old, 'millrace.db')), join(data, 'millrace.db')];
    expect(own).toBeGreaterThan(0);
    expect(saidBy010(path, own)).toBe(`${path} was written by a newer Millrace: update it.`);
  });

  it('that are no database are refused by name', async () => {
    const data = await tempDir();
    await writeFile(join(data, 'millrace.db'), 'This is no database at all. '.repeat(1_000));
    const failure = await failureOf(() => open(data));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'corrupt' });
    expect(failure.message).toContain(join(data, 'millrace.db'));
  });

  it('whose pages are damaged are said to be so, when they are read', async () => {
    const data = await tempDir();
    const engine = await open(data);
    await engine.log.ensureTopics([{ topic: 'a', partitions: 1 }]);
    for (let count = 0; count < 50; count += 1)
      await engine.log.publish('a', [{ key: 'a', value: 'x'.repeat(4_000) }]);
    await engine.close();
    const path = join(data, 'millrace.db');
    const pages = await stat(path);
    const file = await openFile(path, 'r+');
    await file.write(Buffer.alloc(pages.size - 8_192, 0xff), 0, pages.size - 8_192, 8_192);
    await file.close();
    const failure = await failureOf(async () => {
      const damaged = await open(data);
      onTestFinished(() => damaged.close());
      await damaged.store.reports.progress('main' as LaneName);
      await damaged.log.publish('a', [{ key: 'a', value: 'b' }]);
    });
    expect(failure).toMatchObject({ kind: 'fatal', code: 'corrupt' });
    expect(failure.message).toContain(path);
  });

  it('cannot be made below a file, and the message names the place', async () => {
    const file = join(await tempDir(), 'file');
    await writeFile(file, '');
    const failure = await failureOf(() => open(join(file, 'data')));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'cannot_open' });
    expect(failure.message).toContain(join(file, 'data'));
  });

  it('cannot be a directory, and the message names it', async () => {
    const data = await tempDir();
    await mkdir(join(data, 'millrace.db'));
    const failure = await failureOf(() => open(data));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'cannot_open' });
    expect(failure.message).toContain(join(data, 'millrace.db'));
    await mkdir(join(data, 'other.lock'));
    const locked = await failureOf(() => openEmbedded({ data, namespace: 'other', mode: 'consume' }));
    expect(locked).toMatchObject({ kind: 'fatal', code: 'cannot_open' });
    expect(locked.message).toContain(join(data, 'other.lock'));
  });
});

function withDatabase<T>(path: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
