import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { blankLike, framesIn } from './frame.ts';
import { type JournalEntry, readEntry } from './journal-entry.ts';
import { segmentBytes } from './read-segment.ts';
import { headIn, JOURNAL_VERSION } from './segment-head.ts';
import { damagedFilesIn, processFilesIn } from './segment-names.ts';

/**
 * Blanks every entry that is meant in the journals of a directory, in place: beside the processes that append to them,
 * whose entries keep their places. Resolves nothing that is under way: what comes later is refused by the store. Returns how
 * many entries there were.
 */
export function eraseFromJournals(
  directory: string,
  namespace: string,
  isMeant: (entry: JournalEntry) => boolean,
): number {
  const files = [
    ...processFilesIn(directory, namespace).flatMap(({ segments }) => segments),
    ...damagedFilesIn(directory, namespace),
  ];
  return files.reduce((sum, path) => sum + eraseIn(path, isMeant), 0);
}

function eraseIn(path: string, isMeant: (entry: JournalEntry) => boolean): number {
  const bytes = segmentBytes(path);
  const begun = typeof bytes === 'string' ? undefined : headIn(bytes);
  if (typeof bytes === 'string' || begun?.head.v !== JOURNAL_VERSION) return 0;
  const blanks = [...framesIn(bytes, begun.end)].flatMap((frame) => {
    if (frame.kind !== 'whole') return [];
    const entry = readEntry(frame.facts, frame.body);
    return entry !== undefined && isMeant(entry) ? [{ at: frame.at, blank: blankLike(frame) }] : [];
  });
  if (blanks.length === 0) return 0;
  const file = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    for (const { at, blank } of blanks) writeSync(file, blank, 0, blank.length, at);
  } finally {
    closeSync(file);
  }
  return blanks.length;
}
