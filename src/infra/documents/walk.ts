import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, matchesGlob, relative, sep } from 'node:path';

export type FoundFile = Readonly<{
  /** Relative to the root, with `/`. */
  path: string;
  file: string;
  bytes: number;
  mtimeMs: number;
}>;

export type FilePatterns = Readonly<{ include: readonly string[]; exclude: readonly string[] }>;

const PASSED_OVER = new Set(['node_modules']);
/** One after the other, most of the time would go into waiting. */
const AT_ONCE = 64;

/**
 * The files under a folder, or the file itself, by path in order of their bytes. Hidden ones, `node_modules`, and links that lead out of the folder are
 * passed over. A glob without a slash is one for names, wherever they are.
 */
export async function* filesUnder(root: string, choice: FilePatterns): AsyncGenerator<FoundFile> {
  const real = await realpath(root);
  const facts = await stat(real);
  if (facts.isFile()) yield { path: basename(real), file: real, bytes: facts.size, mtimeMs: facts.mtimeMs };
  else yield* within(real, real, choice, new Set());
}

async function* within(
  root: string,
  folder: string,
  choice: FilePatterns,
  seen: Set<string>,
): AsyncGenerator<FoundFile> {
  // A link to a folder above would be walked for ever.
  if (seen.has(folder)) return;
  seen.add(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  const wanted = entries.filter(({ name }) => !name.startsWith('.') && !PASSED_OVER.has(name));
  const sorted = wanted.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (let at = 0; at < sorted.length; at += AT_ONCE) {
    const some = sorted.slice(at, at + AT_ONCE).map((entry) => lookAt(root, folder, entry));
    for (const { found, target, facts } of await Promise.all(some)) {
      if (facts?.isDirectory() === true) yield* within(root, target, choice, seen);
      if (facts?.isFile() !== true) continue;
      const path = relative(root, found).split(sep).join('/');
      if (isWanted(path, choice)) yield { path, file: target, bytes: facts.size, mtimeMs: facts.mtimeMs };
    }
  }
}

/** Without `facts` it is gone, or a link that leads out. */
async function lookAt(root: string, folder: string, entry: Dirent) {
  const found = join(folder, entry.name);
  const target = entry.isSymbolicLink() ? await realpath(found).catch(() => '') : found;
  const isInside = target === found || target.startsWith(`${root}${sep}`);
  return { found, target, facts: isInside ? await stat(target).catch(() => undefined) : undefined };
}

function isWanted(path: string, { include, exclude }: FilePatterns): boolean {
  const fits = (glob: string) => matchesGlob(path, glob.includes('/') ? glob : `**/${glob}`);
  return (include.length === 0 || include.some(fits)) && !exclude.some(fits);
}
