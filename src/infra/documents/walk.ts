import { lstat, readdir, realpath, stat } from 'node:fs/promises';
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
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !PASSED_OVER.has(name));
  for (const name of names.sort()) {
    const found = join(folder, name);
    const target = await inside(root, found);
    if (target === undefined) continue;
    const facts = await stat(target).catch(() => undefined);
    if (facts?.isDirectory() === true) yield* within(root, target, choice, seen);
    if (facts?.isFile() !== true) continue;
    const path = relative(root, found).split(sep).join('/');
    if (isWanted(path, choice)) yield { path, file: target, bytes: facts.size, mtimeMs: facts.mtimeMs };
  }
}

async function inside(root: string, path: string): Promise<string | undefined> {
  const link = await lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink() !== true) return link === undefined ? undefined : path;
  const target = await realpath(path).catch(() => undefined);
  return target?.startsWith(`${root}${sep}`) === true ? target : undefined;
}

function isWanted(path: string, { include, exclude }: FilePatterns): boolean {
  const fits = (glob: string) => matchesGlob(path, glob.includes('/') ? glob : `**/${glob}`);
  return (include.length === 0 || include.some(fits)) && !exclude.some(fits);
}
