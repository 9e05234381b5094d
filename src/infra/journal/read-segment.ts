import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { errorText } from '../../streams/failure.ts';
import { systemCode } from '../files/file-failure.ts';
import { type Frame, framesIn } from './frame.ts';
import { type JournalEntry, readEntry } from './journal-entry.ts';
import { headIn, JOURNAL_VERSION, MOST_HEAD_BYTES } from './segment-head.ts';

/** What a spill file of Millrace 0.1.0 could grow to, and far more than a file of the journal does. */
const MOST_BYTES = 512 * 1_024 * 1_024;

/** What a file of a journal holds. `damaged` places were torn or changed, or say what this Millrace does not know. */
export type ReadSegment =
  | Readonly<{ kind: 'read'; entries: readonly JournalEntry[]; damaged: number }>
  | Readonly<{ kind: 'unusable'; reason: string }>;

/** A file that can be used: its bytes, and where its frames begin. */
type OpenSegment = Readonly<{ file: Buffer; from: number }>;

/** A whole entry, and where it stands. */
type PlacedEntry = Readonly<{ entry: JournalEntry; frame: Extract<Frame, { kind: 'whole' }> }>;

/** Never throws: a file that cannot be used says why. */
export function readSegment(path: string, namespace: string): ReadSegment {
  const segment = openSegment(path, namespace);
  if (typeof segment === 'string') return { kind: 'unusable', reason: segment };
  const places = [...placesIn(segment)];
  const entries = places.flatMap((place) => (place === undefined ? [] : [place.entry]));
  return { kind: 'read', entries, damaged: places.length - entries.length };
}

/** Why a file of a journal cannot be used, by its head alone; `undefined` where it can. Never throws. */
export function unusableReason(path: string, namespace: string): string | undefined {
  const segment = openSegment(path, namespace, MOST_HEAD_BYTES);
  return typeof segment === 'string' ? segment : undefined;
}

/** A file of a journal, or no more than its first bytes, or why it cannot be used. Never throws. */
export function openSegment(path: string, namespace: string, bytes?: number): OpenSegment | string {
  const file = segmentBytes(path, bytes);
  if (typeof file === 'string') return file;
  if (file.length === 0) return { file, from: 0 };
  const begun = headIn(file);
  if (begun === undefined) return 'it does not begin as a journal does';
  const { v, namespace: theirs } = begun.head;
  if (v !== JOURNAL_VERSION)
    return `it is of version ${v}, and this Millrace reads ${JOURNAL_VERSION}: start the one that made it`;
  return theirs === namespace ? { file, from: begun.end } : `it is of the namespace ${theirs}`;
}

/** What stands in a file, in order; `undefined` for a place that was torn or changed, or says what this Millrace does not know. */
export function* placesIn({ file, from }: OpenSegment): Generator<PlacedEntry | undefined> {
  for (const frame of framesIn(file, from)) {
    if (frame.kind === 'blank') continue;
    const entry = frame.kind === 'whole' ? readEntry(frame.facts, frame.body) : undefined;
    yield frame.kind === 'whole' && entry !== undefined ? { entry, frame } : undefined;
  }
}

/**
 * The bytes of a file of a journal, or no more than the `first` of them, or why there are none. One that has gone meanwhile has none: the
 * store has what was in it.
 */
export function segmentBytes(path: string, first?: number): Buffer | string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'it is no file';
    if (stat.size > MOST_BYTES) return `it is larger than ${MOST_BYTES} bytes`;
    if (first === undefined) return readFileSync(file);
    const begin = Buffer.alloc(first);
    return begin.subarray(0, readSync(file, begin));
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? Buffer.alloc(0) : errorText(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
