import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const MOST_FILES = 20;

async function filesOf(tree: string): Promise<readonly Readonly<{ folder: string; path: string }>[]> {
  const entries = await readdir(join(ROOT, tree), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ folder: parentPath, path: join(parentPath, name) }));
}

describe('the tree', () => {
  /** Who looks for a thing reads the names in a folder: more than a screen of them are not read. */
  it.each(['src', 'web/src'])(
    'has no folder in %s with more than 20 files beside each other',
    async (tree) => {
      const folders = [...Map.groupBy(await filesOf(tree), ({ folder }) => folder)];
      expect(folders).not.toEqual([]);
      expect(folders.filter(([, files]) => files.length > MOST_FILES).map(([folder]) => folder)).toEqual([]);
    },
  );

  it('has no room that the map in src/README.md leaves out', async () => {
    const page = await readFile(join(ROOT, 'src/README.md'), 'utf8');
    const [, map = ''] = page.split('```');
    const layers = ['features', 'infra', 'stages', 'streams'];
    const rooms = await Promise.all(
      layers.map((layer) => readdir(join(ROOT, 'src', layer), { withFileTypes: true })),
    );
    const names = rooms.flat().flatMap((room) => (room.isDirectory() ? [room.name] : []));
    expect(names.filter((name) => !new RegExp(`(?<![\\w-])${name}/`).test(map))).toEqual([]);
  });

  it('has every file and function by which src/README.md walks a record through it', async () => {
    const files = await filesOf('src');
    const page = await readFile(join(ROOT, 'src/README.md'), 'utf8');
    const named = [...page.matchAll(/`([\w*/.-]+\.tsx?)(?::\s(#?\w+))?`/g)];
    expect(named.length).toBeGreaterThan(MOST_FILES);
    const missing: string[] = [];
    for (const [whole, path = '', name = ''] of named) {
      const isMeant = new RegExp(`/${path.replaceAll('.', '\\.').replaceAll('*', '[\\w-]+')}$`);
      const meant = files.filter((file) => isMeant.test(file.path));
      const texts = await Promise.all(meant.map((file) => readFile(file.path, 'utf8')));
      if (!texts.some((text) => text.includes(name))) missing.push(whole);
    }
    expect(missing).toEqual([]);
  });
});
