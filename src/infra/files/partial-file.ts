import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Who writes adds to its file all the time: one that is so old is of a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;
const ENDING = /^[0-9a-f]{8}\.partial$/;

/** Where the new file is made, beside the one it will replace. */
export function partialPathOf(target: string): string {
  return join(dirname(target), `${prefixOf(target)}${randomUUID().slice(0, 8)}.partial`);
}

/** Whether a path is where a new file of the target is, or was, made. */
export function isPartialOf(target: string, path: string): boolean {
  const [prefix, name] = [prefixOf(target), basename(path)];
  return (
    dirname(path) === dirname(target) && name.startsWith(prefix) && ENDING.test(name.slice(prefix.length))
  );
}

/** Removes what killed processes left of the same target a day ago and earlier. Never rejects: nothing rests on it. */
export async function removeAbandonedPartials(target: string): Promise<void> {
  const prefix = prefixOf(target);
  const names = await readdir(dirname(target)).catch(() => []);
  const partials = names.filter((name) => name.startsWith(prefix) && ENDING.test(name.slice(prefix.length)));
  for (const path of partials.map((name) => join(dirname(target), name))) {
    const writtenMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - writtenMs > ABANDONED_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}

function prefixOf(target: string): string {
  return `.${basename(target)}.`;
}
