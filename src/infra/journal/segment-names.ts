import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, Failure } from '../../streams/failure.ts';
import { systemCode } from '../files/file-failure.ts';

/** The files of one process: `NAMESPACE.ID.NUMBER.journal`, and the lock that says that it lives. */
export type ProcessFiles = Readonly<{ id: string; segments: readonly string[] }>;

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const SPILL = '[^.]+\\.spill';
/** Behind the name of a file of which a part cannot be read. */
export const DAMAGED = '.damaged';

export function segmentPath(directory: string, namespace: string, id: string, number: number): string {
  return join(directory, `${namespace}.${id}.${number}.journal`);
}

export function lockPath(directory: string, namespace: string, id: string): string {
  return join(directory, `${namespace}.${id}.journal-lock`);
}

/** The id of the process whose journal a file is, also once it is set aside; `undefined` for a spill file. */
export function journalIdOf(path: string): string | undefined {
  return new RegExp(`\\.(${ID})\\.\\d+\\.journal(?:\\${DAMAGED})?$`).exec(path)?.[1];
}

/** The files of every process of a namespace, by process and in the order in which they were begun. */
export function processFilesIn(directory: string, namespace: string): readonly ProcessFiles[] {
  const found = matching(directory, namespace, `(${ID})\\.(\\d+)\\.journal`).map(({ name, groups }) => ({
    path: join(directory, name),
    id: groups[0] ?? '',
    number: Number(groups[1]),
  }));
  return [...Map.groupBy(found, ({ id }) => id)].map(([id, files]) => ({
    id,
    segments: files.toSorted((a, b) => a.number - b.number).map(({ path }) => path),
  }));
}

/** The spill files of every process of Millrace 0.1.0. */
export function spillFilesIn(directory: string, namespace: string): readonly string[] {
  return pathsOf(directory, namespace, SPILL);
}

/** Whether it is a spill file, also once it is set aside. */
export function isSpill(path: string): boolean {
  return new RegExp(`\\.spill(?:\\${DAMAGED})?$`).test(path);
}

/** What was set aside because a part of it cannot be read. */
export function damagedFilesIn(directory: string, namespace: string): readonly string[] {
  return pathsOf(directory, namespace, `(?:${ID}\\.\\d+\\.journal|${SPILL})\\${DAMAGED}`);
}

function pathsOf(directory: string, namespace: string, rest: string): readonly string[] {
  return matching(directory, namespace, rest).map(({ name }) => join(directory, name));
}

function matching(directory: string, namespace: string, rest: string) {
  const pattern = new RegExp(`^${rest}$`);
  return namesIn(directory).flatMap((name) => {
    const found = name.startsWith(`${namespace}.`) ? pattern.exec(name.slice(namespace.length + 1)) : null;
    return found === null ? [] : [{ name, groups: found.slice(1) }];
  });
}

/** What stands in a directory; nothing where there is none. Throws a fatal Failure for one that cannot be listed. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (ABSENT.has(systemCode(error))) return [];
    const message = `The data directory ${directory} cannot be listed (${errorText(error)}), and paid answers may wait in it. Let the user of this process read it.`;
    throw new Failure('fatal', 'data_unlisted', message, { cause: error });
  }
}

const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
