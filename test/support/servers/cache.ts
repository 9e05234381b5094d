import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept between runs, outside the repository. */
const ROOT = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'millrace-test-servers');

/** The cache entry of that name, made by `fill` if there is none. Two processes may make it at once: the first one wins. */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const entry = join(ROOT, name);
  if (await exists(entry)) return entry;
  await mkdir(ROOT, { recursive: true });
  const unfinished = await mkdtemp(`${entry}.`);
  try {
    await fill(unfinished);
    await rename(unfinished, entry).catch(async (error: unknown) => {
      if (!(await exists(entry))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return entry;
}

/** A name that changes with the text, for a cache entry made from it. */
export function shortHash(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
