import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../package-root.ts';

const LIBRARIES = ['unpdf', 'mammoth', 'htmlparser2', 'yauzl', 'zod', 'linkedom', '@mozilla/readability'];
/** Where pnpm keeps packages, and what they need beside them. */
const STORE = join('/node_modules', '.pnpm');
const MOST_HEAP_MB = 256;
/** Whether this is what was built, and no source. */
export const IS_BUILT = !import.meta.url.endsWith('.ts');

/** The flags of Node that hold a child: it may read Millrace, its parsers and the module, and do nothing else to this machine. */
export function childBounds(module?: string): readonly string[] {
  const root = packageRoot();
  const own = ['package.json', IS_BUILT ? 'dist' : 'src'].map((name) => join(root, name));
  const real = own.map((path) => realpathSync(path));
  const brought = module === undefined ? [] : filesOf(fileURLToPath(module));
  const readable = [...new Set([...own, ...real, ...librariesOf(), ...brought])].map(
    (path) => `--allow-fs-read=${path}`,
  );
  const code = ['--disallow-code-generation-from-strings', `--max-old-space-size=${MOST_HEAP_MB}`];
  return ['--permission', ...readable, ...code, '--no-warnings'];
}

/** The folders that the parsers are found in, by the names and by the places that they have: a package manager may keep them elsewhere. */
function librariesOf(): readonly string[] {
  const places = LIBRARIES.map((name) => {
    const path = realpathSync(fileURLToPath(import.meta.resolve(name)));
    const store = path.indexOf(STORE);
    return store === -1 ? dirname(path) : path.slice(0, store + STORE.length);
  });
  const named = ancestorsOf(packageRoot()).map((directory) => join(directory, 'node_modules'));
  const there = named.filter((directory) => existsSync(directory));
  return [...new Set([...there, ...there.map((directory) => realpathSync(directory)), ...places])];
}

/** The module itself, the packages that it may import, and what tells Node how a module is meant. */
function filesOf(path: string): readonly string[] {
  const folders = ancestorsOf(dirname(path));
  const beside = folders.flatMap((folder) => [join(folder, 'node_modules'), join(folder, 'package.json')]);
  const there = [path, ...beside.filter((each) => existsSync(each))];
  return [...there, ...there.map((each) => realpathSync(each))];
}

function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}
