import { join } from 'node:path';
import type { OutputOptions } from 'rolldown';

type Splitting = Exclude<OutputOptions['codeSplitting'], boolean | undefined>;
type Name = Exclude<NonNullable<Splitting['groups']>[number]['name'], string>;
type Modules = Parameters<Name>[1];

/** The files that several parts share: a module is in the first whose entry, in the source, needs it. */
const FILES: Readonly<Record<string, string>> = {
  // A process and a thread of their own stay small.
  extracting: 'infra/documents/extract/child.ts',
  start: 'cli/main.ts',
  searching: 'infra/documents/index/search-worker.ts',
  shared: 'features/run/run-command.ts',
};

/**
 * Puts what a run shares with others into a few files. Left to the bundler each set of commands that shares a module gets a file of its
 * own: 150 of them for a start, and finding and opening them is an eighth of it.
 *
 * @param source the directory of the source.
 */
export function sharedChunks(source: string): Splitting {
  return {
    groups: Object.entries(FILES).map(([file, entry], place, { length }) => {
      const needed = neededBy(join(source, entry));
      return {
        debugName: file,
        name: (id, modules) => (needed(modules).has(id) ? file : null),
        minShareCount: 2,
        priority: length - place,
      };
    }),
  };
}

/** Every module that is loaded with this one. */
function neededBy(entry: string): (modules: Modules) => ReadonlySet<string> {
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
