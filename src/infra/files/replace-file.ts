import { access, constants, lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../streams/failure.ts';
import { onDisk, unlessAbsent } from './file-failure.ts';
import { partialPathOf, removeAbandonedPartials } from './partial-file.ts';

/** Adds to the end of the new file. */
export type Append = (data: string | Uint8Array) => Promise<void>;

/** What becomes of a symbolic link under the name: its file is replaced, or the link itself, and its file left alone. */
export type Links = 'follow' | 'replace';

/**
 * Writes a file so that there is always a whole one under its name: the old one until the new one is safe on disk, then
 * the new one. Directories are made as needed. A symbolic link is followed only where the user named it. Errors of the disk are fatal Failures that say what to do; those of
 * `write` pass unchanged; both leave the old file as it was, and nothing beside it. What a killed process left there a day
 * ago is removed.
 */
export async function replaceFile<T>(
  path: string,
  write: (append: Append) => Promise<T>,
  links: Links = 'follow',
): Promise<T> {
  const target = await onDisk(path, () => replaceableTarget(path, links));
  await removeAbandonedPartials(target);
  const partial = partialPathOf(target);
  try {
    const result = await writeDurably(path, partial, write);
    await onDisk(path, () => rename(partial, target));
    await syncDirectory(dirname(target));
    return result;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * The same for several files that belong together: none is replaced unless `write` succeeds for all. Only a crash between
 * the last renames can leave some of them old.
 */
export async function replaceFiles<T>(
  paths: readonly string[],
  write: (appends: readonly Append[]) => Promise<T>,
  links: Links = 'follow',
): Promise<T> {
  const [first, ...rest] = paths;
  if (first === undefined) return write([]);
  return replaceFile(
    first,
    (append) => replaceFiles(rest, (appends) => write([append, ...appends]), links),
    links,
  );
}

/** Finds out before a long run whether `replaceFile` could write there; the same Failures. Changes no file. */
export async function assertReplaceable(path: string): Promise<void> {
  const target = await onDisk(path, () => replaceableTarget(path));
  const probe = partialPathOf(target);
  try {
    await writeDurably(path, probe, (append) => append('\n'));
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function replaceableTarget(path: string, links: Links = 'follow'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  if (links === 'replace' && (await unlessAbsent(lstat(path)))?.isSymbolicLink() === true) return path;
  const existing = await unlessAbsent(stat(path));
  if (existing === undefined) return path;
  if (!existing.isFile()) {
    const what = existing.isDirectory() ? 'a directory' : 'no regular file';
    throw new Failure('fatal', 'not_a_file', `Cannot write ${path}: it is ${what}. Name a file with --out.`);
  }
  // Renaming over a write-protected file works, but that is not what its owner wanted by protecting it.
  await access(path, constants.W_OK);
  return realpath(path);
}

async function writeDurably<T>(
  path: string,
  partial: string,
  write: (append: Append) => Promise<T>,
): Promise<T> {
  await using file = await onDisk(path, () => open(partial, 'wx'));
  const result = await write((data) => onDisk(path, () => file.appendFile(data)));
  await onDisk(path, () => file.sync());
  return result;
}

/** Makes the new name durable where the platform can; the contents already are. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    await using handle = await open(directory, 'r');
    await handle.sync();
  } catch {}
}
