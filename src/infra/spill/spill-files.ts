import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Spill, Unsaved } from '../../streams/unsaved-writes.ts';
import { readSpillLine, spillLine } from './spill-line.ts';

/** The most bytes of one file. The credits of a worker bound the number of its lines. */
const MAX_BYTES = 512 * 1_024 * 1_024;

export type SpillFilesOptions = Readonly<{
  directory: string;
  namespace: string;
  /** Hears what was kept, and why something could not be. */
  onKept(count: number, path: string): void;
  onFailed(count: number, reason: string): void;
}>;

/** What an earlier process left. `damaged` lines were torn or changed, and cannot be used. */
export type SpillFile = Readonly<{ path: string; unsaved: readonly Unsaved[]; damaged: number }>;

/**
 * Spill files in the data directory, one per spilling: written whole under another name, synced, renamed, the directory
 * synced, for its owner's eyes only. Synchronous, since it happens in the last moment of a process.
 */
export class SpillFiles implements Spill {
  readonly #options: SpillFilesOptions;

  constructor(options: SpillFilesOptions) {
    this.#options = options;
  }

  keep(unsaved: readonly Unsaved[]): void {
    const { directory, namespace, onKept, onFailed } = this.#options;
    const lines = within(unsaved.map(spillLine), MAX_BYTES);
    const path = join(directory, `${namespace}.${randomUUID()}.spill`);
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeWhole(`${path}.part`, lines.join(''));
      renameSync(`${path}.part`, path);
      syncDirectory(directory);
    } catch (error) {
      onFailed(unsaved.length, error instanceof Error ? error.message : String(error));
      return;
    }
    onKept(lines.length, path);
    const rest = unsaved.length - lines.length;
    if (rest > 0) onFailed(rest, `A spill file holds at most ${MAX_BYTES} bytes.`);
  }
}

/** The spill files of a namespace, those of other processes included. Storing twice is safe. */
export function readSpillFiles(directory: string, namespace: string): readonly SpillFile[] {
  return namesIn(directory)
    .filter((name) => name.startsWith(`${namespace}.`) && name.endsWith('.spill'))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map(readSpillFile);
}

export function removeSpillFile({ path }: Pick<SpillFile, 'path'>): void {
  rmSync(path, { force: true });
}

function readSpillFile(path: string): SpillFile {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(readSpillLine);
  const unsaved = lines.filter((line) => line !== undefined);
  return { path, unsaved, damaged: lines.length - unsaved.length };
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function within(lines: readonly string[], maxBytes: number): readonly string[] {
  let bytes = 0;
  return lines.filter((line) => {
    bytes += Buffer.byteLength(line);
    return bytes <= maxBytes;
  });
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncDirectory(directory: string): void {
  const file = openSync(directory, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
