import { join } from 'node:path';
import type { OutputOptions } from 'rolldown';

type Splitting = Exclude<OutputOptions['codeSplitting'], boolean | undefined>;
type Name = Exclude<NonNullable<Splitting['groups']>[number]['name'], string>;
type Modules = Parameters<Name>[1];

/**
 * Puts what a run shares with other commands into one file, and what every command reads into another. Left to the bundler each set of
 * commands that shares a module gets a file of its own: 150 files for a start, and finding and opening them is an eighth of it.
 *
 * @param source the directory of the source.
 */
export function sharedChunks(source: string): Splitting {
  const start = closureOf(join(source, 'cli/main.ts'));
  const run = closureOf(join(source, 'features/run/run-command.ts'));
  return {
    groups: [
      { name: (id, modules) => (start(modules).has(id) ? 'start' : null), minShareCount: 2, priority: 2 },
      { name: (id, modules) => (run(modules).has(id) ? 'shared' : null), minShareCount: 2, priority: 1 },
    ],
  };
}

/** Every module that is loaded with this one. */
function closureOf(entry: string): (modules: Modules) => ReadonlySet<string> {
  let known: ReadonlySet<string> | undefined;
  return (modules) => {
    known ??= reached(entry, modules);
    return known;
  };
}

function reached(entry: string, modules: Modules): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const id of found) for (const inner of modules.getModuleInfo(id)?.importedIds ?? []) found.add(inner);
  return found;
}
