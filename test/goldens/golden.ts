import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What Millrace shows to the world outside, made again now, and kept under `test/goldens/files` as it was agreed on. */
export type Golden = Readonly<{
  name: string;
  /** Makes the files, by their paths, in a directory that is empty at first. */
  make(directory: string): Promise<GoldenFiles>;
}>;

export type GoldenFiles = ReadonlyMap<string, Uint8Array>;

const FILES = join(import.meta.dirname, 'files');

export const oneFile = (path: string, text: string): GoldenFiles => new Map([[path, Buffer.from(text)]]);

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files of a golden as they are kept. */
export async function keptFiles({ name }: Pick<Golden, 'name'>): Promise<GoldenFiles> {
  return filesIn(join(FILES, name));
}

/** Keeps these files, and no others, from now on. */
export async function keep({ name }: Pick<Golden, 'name'>, files: GoldenFiles): Promise<void> {
  await rm(join(FILES, name), { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const file = join(FILES, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

/** Every file of the directory, by its path in it, in the order of the paths. */
export async function filesIn(directory: string): Promise<GoldenFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path)] as const),
    ),
  );
}
