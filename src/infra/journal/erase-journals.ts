import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { errorText } from '../../streams/failure.ts';
import { blankLike } from './frame.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { LeftFile } from './left-file.ts';
import { openSegment, placesIn } from './read-segment.ts';
import { damagedFilesIn, processFilesIn } from './segment-names.ts';
import { leftSpills } from './spill-files.ts';

/** A place that may still hold what was to be erased, and why. */
export type Unerased = Readonly<{ path: string; reason: string }>;

/** How many entries were erased, and the files that may hold more. */
export type ErasedEntries = Readonly<{ entries: number; unerased: readonly Unerased[] }>;

type IsMeant = (entry: JournalEntry) => boolean;
type Erasing = Readonly<{ path: string; namespace: string; isMeant: IsMeant }>;

/**
 * Blanks every entry that is meant in the journals of a directory, in place: beside the processes that append to them,
 * whose entries keep their places. Resolves nothing that is under way: what comes later is refused by the store. Never throws:
 * what cannot be read or written is named.
 */
export function eraseFromJournals(directory: string, namespace: string, isMeant: IsMeant): ErasedEntries {
  try {
    return eraseFromAll(directory, namespace, isMeant);
  } catch (error) {
    return { entries: 0, unerased: [{ path: directory, reason: errorText(error) }] };
  }
}

function eraseFromAll(directory: string, namespace: string, isMeant: IsMeant): ErasedEntries {
  const files = [
    ...processFilesIn(directory, namespace).flatMap(({ segments }) => segments),
    ...damagedFilesIn(directory, namespace),
  ];
  const erased = files.map((path) => eraseIn({ path, namespace, isMeant }));
  return {
    entries: erased.reduce((sum, { entries }) => sum + entries, 0),
    unerased: [
      ...erased.flatMap(({ unerased }) => unerased),
      ...leftSpills(directory, namespace).flatMap((file) => spillWith(file, isMeant)),
    ],
  };
}

function eraseIn(erasing: Erasing): ErasedEntries {
  const { path, namespace, isMeant } = erasing;
  const segment = openSegment(path, namespace);
  if (typeof segment === 'string') return { entries: 0, unerased: stillAt(path, segment) };
  const places = [...placesIn(segment)];
  const meant = places.flatMap((place) => (place !== undefined && isMeant(place.entry) ? [place.frame] : []));
  try {
    const entries = meant.length === 0 ? 0 : blank(path, segment.file, meant);
    if (entries < meant.length) {
      const again = eraseIn(erasing);
      return { ...again, entries: entries + again.entries };
    }
    const unread = places.filter((place) => place === undefined).length;
    const reason = `${unread === 1 ? '1 place' : `${unread} places`} in it cannot be read`;
    return { entries, unerased: unread === 0 ? [] : [{ path, reason }] };
  } catch (error) {
    return { entries: 0, unerased: stillAt(path, errorText(error)) };
  }
}

/**
 * How many were blanked: not all, where the process that appends has emptied its file since it was read, so that something else may stand
 * in their places.
 */
function blank(path: string, read: Buffer, frames: readonly Parameters<typeof blankLike>[0][]): number {
  const file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const changed = frames.findIndex((frame) => {
      const now = Buffer.alloc(frame.bytes);
      readSync(file, now, 0, frame.bytes, frame.at);
      if (!now.equals(read.subarray(frame.at, frame.at + frame.bytes))) return true;
      writeSync(file, blankLike(frame), 0, frame.bytes, frame.at);
      return false;
    });
    return changed === -1 ? frames.length : changed;
  } finally {
    closeSync(file);
  }
}

/** A file may go in between: the store has what was in it, or has refused it. */
function stillAt(path: string, reason: string): readonly Unerased[] {
  return existsSync(path) ? [{ path, reason }] : [];
}

function spillWith({ path, read }: LeftFile, isMeant: IsMeant): readonly Unerased[] {
  const spill = read();
  if (spill.kind === 'unusable') return [{ path, reason: spill.reason }];
  const reason = 'Millrace 0.1.0 left it: the next start drops what is forgotten';
  return spill.damaged > 0 || spill.entries.some(isMeant) ? [{ path, reason }] : [];
}
