import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BadEntry } from '../../../src/infra/input/input-entry.ts';
import { RejectsFile } from '../../../src/infra/input/rejects-file.ts';
import { failureOf } from './reading.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-rejects-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bad = (line: number): BadEntry => ({ kind: 'bad', line, reason: 'expected text', text: 'a\n"b"' });

describe('RejectsFile', () => {
  it('is not created while there is nothing to keep', async () => {
    await new RejectsFile(join(folder, 'rejects.jsonl')).close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps each bad entry as one line, in order, for its owner only', async () => {
    const rejects = new RejectsFile(join(folder, 'rejects.jsonl'));
    await Promise.all([1, 2, 3].map((line) => rejects.append('q.jsonl', bad(line))));
    await rejects.close();
    const lines = (await readFile(rejects.path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [1, 2, 3].map((line) => ({ file: 'q.jsonl', line, reason: 'expected text', text: 'a\n"b"' })),
    );
    expect((await stat(rejects.path)).mode & 0o777).toBe(0o600);
  });

  it('goes on behind what is there, also after it was closed', async () => {
    const rejects = new RejectsFile(join(folder, 'rejects.jsonl'));
    for (const line of [1, 2]) {
      await rejects.append('q.jsonl', bad(line));
      await rejects.close();
    }
    expect((await readFile(rejects.path, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
  });

  it('fails with the path if it cannot be written, and can still be closed', async () => {
    const rejects = new RejectsFile(join(folder, 'none', 'rejects.jsonl'));
    const failure = await failureOf(rejects.append('q.jsonl', bad(1)));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'rejects_unwritable' });
    expect(failure.message).toContain(rejects.path);
    await expect(rejects.close()).resolves.toBe(undefined);
  });
});
