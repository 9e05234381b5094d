import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { errorText } from '../../streams/failure.ts';
import { blankLike } from './frame.ts';
import type { JournalEntry } from './journal-entry.ts';
import { openSegment, placesIn } from './read-segment.ts';
import {
  DAMAGED,
  damagedFilesIn,
  isSpill,
  journalIdOf,
  processFilesIn,
  spillFilesIn,
} from './segment-names.ts';
import { readSpill } from './spill-files.ts';

/** A place that may still hold what was to be erased, and why. */
export type Unerased = Readonly<{ path: string; reason: string }>;

/** How many entries were erased, and the files that may hold more. */
type ErasedEntries = Readonly<{ entries: number; unerased: readonly Unerased[] }>;

/** `processes`: the ids of those whose journals stood there. */
export type ErasedJournals = ErasedEntries & Readonly<{ processes: ReadonlySet<string> }>;

type IsMeant = (entry: JournalEntry) => boolean;
type Erasing = Readonly<{
  path: string;
  namespace: string;
  isMeant: IsMeant;
  /** Looked at before, where a part of it could not be read: its process may have been in the middle of an append. */
  wasTorn?: boolean;
}>;

/**
 * Blanks every entry that is meant in the journals of a directory, in place: beside the processes that append to them,
 * whose entries keep their places. Resolves nothing that is under way: what comes later is refused by the store. Never throws:
 * what cannot be read or written is named.
 */
export function eraseFromJournals(directory: string, namespace: string, isMeant: IsMeant): ErasedJournals {
  try {
    return eraseFromAll(directory, namespace, isMeant);
  } catch (error) {
    return { entries: 0, unerased: [{ path: directory, reason: errorText(error) }], processes: new Set() };
  }
}

/** Each place once for each reason. */
export function namedOnce(unerased: readonly Unerased[]): readonly Unerased[] {
  return [...new Map(unerased.map((each) => [JSON.stringify([each.path, each.reason]), each])).values()];
}

function eraseFromAll(directory: string, namespace: string, isMeant: IsMeant): ErasedJournals {
  const erased = new Map<string, ErasedEntries>();
  const unseen = () => filesIn(directory, namespace).filter((path) => !erased.has(path));
  // Looked through until nothing new is there: a start may set a file aside in between, under another name.
  for (let files = unseen(); files.length > 0; files = unseen())
    for (const path of files)
      erased.set(
        path,
        isSpill(path)
          ? { entries: 0, unerased: spillWith(path, isMeant) }
          : eraseIn({ path, namespace, isMeant }),
      );
  const all = [...erased.values()];
  return {
    entries: all.reduce((sum, { entries }) => sum + entries, 0),
    unerased: all.flatMap(({ unerased }) => unerased),
    processes: new Set([...erased.keys()].flatMap((path) => journalIdOf(path) ?? [])),
  };
}

function filesIn(directory: string, namespace: string): readonly string[] {
  return [
    ...processFilesIn(directory, namespace).flatMap(({ segments }) => segments),
    ...damagedFilesIn(directory, namespace),
    ...spillFilesIn(directory, namespace),
  ];
}

function eraseIn(erasing: Erasing): ErasedEntries {
  const { path, namespace, isMeant, wasTorn = false } = erasing;
  const segment = openSegment(path, namespace);
  if (typeof segment === 'string') return { entries: 0, unerased: stillAt(path, segment) };
  const places = [...placesIn(segment)];
  const meant = places.flatMap((place) => (place !== undefined && isMeant(place.entry) ? [place.frame] : []));
  const unread = places.filter((place) => place === undefined).length;
  const isTorn = unread > 0 && !wasTorn;
  try {
    const entries = meant.length === 0 ? 0 : blank(path, segment.file, meant);
    if (entries < meant.length || isTorn) {
      const again = eraseIn({ ...erasing, wasTorn: wasTorn || isTorn });
      return { ...again, entries: entries + again.entries };
    }
    return { entries, unerased: unread === 0 ? [] : [{ path, reason: unreadText(unread) }] };
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

/** Nothing is blanked in a spill file: a start takes the whole file away, or sets the whole file aside. */
function spillWith(path: string, isMeant: IsMeant): readonly Unerased[] {
  const spill = readSpill(path);
  if (spill.kind === 'unusable') return stillAt(path, spill.reason);
  if (spill.damaged === 0 && !spill.entries.some(isMeant)) return [];
  return [{ path, reason: spillText(path, spill.damaged) }];
}

function spillText(path: string, damaged: number): string {
  const found = damaged === 0 ? 'Millrace 0.1.0 left it' : unreadText(damaged);
  if (path.endsWith(DAMAGED)) return `${found}, and a start has set it aside: delete it`;
  if (damaged === 0) return `${found}: the next start drops what is forgotten`;
  return `${found}: the next start sets it aside as …${DAMAGED}; delete it then`;
}

function unreadText(count: number): string {
  return `${count === 1 ? '1 place' : `${count} places`} in it cannot be read`;
}
