import { hash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../stages/text/json.ts';
import type { UnsavedOfWork } from '../../streams/work/journal.ts';
import { unsavedSchema } from './journal-entry.ts';
import { type LeftFile, leftFile } from './left-file.ts';
import { type ReadSegment, segmentBytes } from './read-segment.ts';
import { spillFilesIn } from './segment-names.ts';

const lineSchema = z.object({ v: z.literal(1), sha256: z.string(), unsaved: z.unknown() });

/**
 * The spill files of a namespace, those of other processes included: JSON lines with a checksum, in which Millrace 0.1.0
 * left what no store had taken. Storing twice is safe.
 */
export function leftSpills(directory: string, namespace: string): readonly LeftFile[] {
  return spillFilesIn(directory, namespace).map((path) => leftFile(path, () => readSpill(path)));
}

/** Never throws: a file that cannot be used says why. */
export function readSpill(path: string): ReadSegment {
  const bytes = segmentBytes(path);
  if (typeof bytes === 'string') return { kind: 'unusable', reason: bytes };
  const lines = linesOf(bytes).map(readSpillLine);
  const entries = lines.filter((line) => line !== undefined);
  return { kind: 'read', entries, damaged: lines.length - entries.length };
}

/** Line by line: the whole of a large file is longer than a string can be. */
function linesOf(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf('\n', at);
    const end = found === -1 ? bytes.length : found;
    if (end > at) lines.push(bytes.toString('utf8', at, end));
    at = end + 1;
  }
  return lines;
}

/** `undefined` for a line that is torn, changed or none of ours. */
function readSpillLine(line: string): UnsavedOfWork | undefined {
  const { data } = lineSchema.safeParse(parseJson(line));
  if (data === undefined) return undefined;
  // JSON of what was parsed from JSON is the same text again.
  const sha256 = hash('sha256', JSON.stringify(data.unsaved) ?? '');
  return sha256 === data.sha256 ? unsavedSchema.safeParse(data.unsaved).data : undefined;
}
