import { hash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../stages/text/json.ts';
import type { UnsavedOfWork } from '../../streams/work/journal.ts';
import { unsavedSchema } from './journal-entry.ts';
import { namesIn } from './segment-names.ts';

/** What Millrace 0.1.0 left. `damaged` lines were torn or changed, and cannot be used. */
export type SpillFile = Readonly<{ path: string; unsaved: readonly UnsavedOfWork[]; damaged: number }>;

const lineSchema = z.object({ v: z.literal(1), sha256: z.string(), unsaved: z.unknown() });

/**
 * The spill files of a namespace, those of other processes included: JSON lines with a checksum, in which Millrace 0.1.0
 * left what no store had taken. Storing twice is safe.
 */
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

/** `undefined` for a line that is torn, changed or none of ours. */
function readSpillLine(line: string): UnsavedOfWork | undefined {
  const { data } = lineSchema.safeParse(parseJson(line));
  if (data === undefined) return undefined;
  // JSON of what was parsed from JSON is the same text again.
  const sha256 = hash('sha256', JSON.stringify(data.unsaved) ?? '');
  return sha256 === data.sha256 ? unsavedSchema.safeParse(data.unsaved).data : undefined;
}
