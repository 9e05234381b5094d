import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { admittanceOf } from '../../../src/infra/http/http-token.ts';
import { madeToken, tokenPath } from '../../../src/infra/http/made-token.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const STRONG = '0123456789abcdef0123456789abcdef';

/** The tokens that servers get that start at once, one list a server, one token a directory. */
function race(racers: number, directories: readonly string[]): Promise<readonly unknown[]> {
  const workerData = { racers, directories, gate: new SharedArrayBuffer(4) };
  const racer = () => new Worker(new URL('./made-token-racer.ts', import.meta.url), { workerData });
  return Promise.all(
    Array.from(
      { length: racers },
      () => new Promise((resolve, reject) => racer().once('message', resolve).once('error', reject)),
    ),
  );
}

describe('the token that is made for a data directory', () => {
  it('is kept for its owner alone, and is the same for every server there', async () => {
    const data = join(await tempDir(), 'not-there-yet');
    const token = madeToken(data);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(((await stat(tokenPath(data))).mode & 0o777).toString(8)).toBe('600');
    expect((await readFile(tokenPath(data), 'utf8')).trim()).toBe(token);
    expect(madeToken(data)).toBe(token);
    expect(madeToken(await tempDir())).not.toBe(token);
  });

  it('is one for servers that start at once', async () => {
    const parent = await tempDir();
    const directories = Array.from({ length: 150 }, (_, index) => join(parent, String(index)));
    const [one, other] = await race(2, directories);
    expect(one).toEqual(other);
    expect(one).toEqual(directories.map((data) => madeToken(data)));
    expect(await readdir(join(parent, '0'))).toEqual(['http-token']);
  });

  it.each([
    ['that others could read', STRONG, 0o644],
    ['that could be guessed', 'a'.repeat(32), 0o600],
    ['that is empty', '', 0o600],
  ])('is not one %s: it is made anew', async (_, text, mode) => {
    const data = await tempDir();
    await writeFile(tokenPath(data), text);
    await chmod(tokenPath(data), mode);
    const token = madeToken(data);
    expect(token).not.toBe(text);
    expect(((await stat(tokenPath(data))).mode & 0o777).toString(8)).toBe('600');
    expect(madeToken(data)).toBe(token);
  });

  it('is neither read nor written through a link', async () => {
    const data = await tempDir();
    const elsewhere = join(await tempDir(), 'precious');
    await writeFile(elsewhere, STRONG, { mode: 0o600 });
    await symlink(elsewhere, tokenPath(data));
    expect(madeToken(data)).not.toBe(STRONG);
    expect(await readFile(elsewhere, 'utf8')).toBe(STRONG);
  });
});

describe('a server', () => {
  const none = { httpToken: undefined, httpTokenFile: undefined };

  it('asks for a made token on loopback, for a chosen one where there is one, and for none only where none is wanted', async () => {
    const data = await tempDir();
    expect(await admittanceOf({ ...none, data }, '127.0.0.1', true)).toEqual({
      token: madeToken(data),
      madeToken: true,
    });
    expect(await admittanceOf({ ...none, data, httpToken: STRONG }, '::1', true)).toEqual({
      token: STRONG,
      madeToken: false,
    });
    expect(await admittanceOf({ ...none, data }, 'localhost', false)).toEqual({
      token: undefined,
      madeToken: false,
    });
  });

  it('makes none off loopback, where somebody has to choose it', async () => {
    const { token } = await admittanceOf({ ...none, data: await tempDir() }, '0.0.0.0', true);
    expect(token).toBeUndefined();
  });

  it('refuses a token together with the wish for none', async () => {
    const failure = await failureOf(async () =>
      admittanceOf({ ...none, data: await tempDir(), httpToken: STRONG }, '127.0.0.1', false),
    );
    expect([failure.code, failure.message]).toEqual(['bad_setting', expect.stringContaining('--no-token')]);
  });
});
