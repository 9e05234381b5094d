import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const EXPORT =
  /^export (?:declare |abstract |async )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;
const ENGINE = /^src\/infra\/engines\/(?:sqlite|mongo|kafka)\//;
/** The page shares only types with `src`. */
const SAID_TWICE: ReadonlySet<string> = new Set(['money']);

it('a name that one file exports is exported by no other, but by the twin of another engine', () => {
  const places = new Map<string, Set<string>>();
  for (const file of globSync(['src/**/*.ts', 'web/src/**/*.{ts,tsx}'], { cwd: root }))
    for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(EXPORT))
      places.set(name, (places.get(name) ?? new Set()).add(file));
  const twice = [...places]
    .map(([name, files]) => ({ name, files: [...files].sort() }))
    .filter(({ name, files }) => files.length > 1 && !SAID_TWICE.has(name) && !areTwins(files));
  expect(twice, 'give each a name that says what it is (docs/decisions/0210)').toEqual([]);
});

/** One function, once for each engine. */
function areTwins(files: readonly string[]): boolean {
  const engines = files.map((file) => ENGINE.exec(file)?.[0]);
  return engines.every((engine) => engine !== undefined) && new Set(engines).size === files.length;
}
