import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errorText } from '../../streams/failure.ts';
import { systemCode } from '../files/file-failure.ts';
import { framesIn } from './frame.ts';
import { type JournalEntry, readEntry } from './journal-entry.ts';
import { headIn, JOURNAL_VERSION } from './segment-head.ts';

/** What a spill file of Millrace 0.1.0 could grow to, and far more than a file of the journal does. */
const MOST_BYTES = 512 * 1_024 * 1_024;

/** What a file of a journal holds. `damaged` places were torn or changed, or say what this Millrace does not know. */
export type ReadSegment =
  | Readonly<{ kind: 'read'; entries: readonly JournalEntry[]; damaged: number }>
  | Readonly<{ kind: 'unusable'; reason: string }>;

/** Never throws: a file that cannot be used says why. */
export function readSegment(path: string, namespace: string): ReadSegment {
  const file = segmentBytes(path);
  if (typeof file === 'string') return { kind: 'unusable', reason: file };
  if (file.length === 0) return { kind: 'read', entries: [], damaged: 0 };
  const begun = headIn(file);
  if (begun === undefined) return { kind: 'unusable', reason: 'it does not begin as a journal does' };
  const { v, namespace: theirs } = begun.head;
  if (v !== JOURNAL_VERSION)
    return {
      kind: 'unusable',
      reason: `it is of version ${v}, and this Millrace reads ${JOURNAL_VERSION}: start the one that made it`,
    };
  if (theirs !== namespace) return { kind: 'unusable', reason: `it is of the namespace ${theirs}` };
  const entries: JournalEntry[] = [];
  let damaged = 0;
  for (const frame of framesIn(file, begun.end)) {
    const entry = frame.kind === 'whole' ? readEntry(frame.facts, frame.body) : undefined;
    if (entry !== undefined) entries.push(entry);
    else if (frame.kind !== 'blank') damaged += 1;
  }
  return { kind: 'read', entries, damaged };
}

/** The bytes of a file of a journal, or why there are none. One that has gone meanwhile has none: the store has what was in it. */
export function segmentBytes(path: string): Buffer | string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'it is no file';
    return stat.size > MOST_BYTES ? `it is larger than ${MOST_BYTES} bytes` : readFileSync(file);
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? Buffer.alloc(0) : errorText(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
