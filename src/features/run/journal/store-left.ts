import type { AdoptedJournal } from '../../../infra/journal/adopt-journals.ts';
import type { JournalEntry } from '../../../infra/journal/journal-entry.ts';
import type { LeftFile } from '../../../infra/journal/left-file.ts';
import { worksOf } from '../../../stages/store/works-of.ts';
import type { HeldWork } from '../../../streams/work/work.ts';
import { LeftAnswers } from './left-answers.ts';
import { type EntryDeps, type EntryEnd, storeEntry } from './store-entry.ts';

/** What became of what earlier processes left. */
export type Restored = Readonly<{
  stored: number;
  /** Another result of the same work stands, or nobody wants it any more. */
  dropped: number;
  /** Another process holds the work: the answer is used when it comes to us. */
  atHand: number;
  answers: LeftAnswers;
}>;

/** Who hears of it while it goes on. */
type LeftHearers = Readonly<{
  /** What cannot be used, where it is kept, and why: before the file is set aside and, where it is torn, before the store is asked. */
  onUnusable(what: string): void;
  /** The store has all of a journal. What it does is waited for, unless an answer had to wait for its work. */
  onStored(journalId: string): Promise<unknown>;
}>;

/**
 * Stores what earlier processes were paid for and did not store: under the token of its claim, which is still theirs if
 * nobody took it over. A file goes once everything in it stands in the store, and is set aside where a part of it cannot;
 * a crash in between stores it again, which changes nothing. Waits while the store is away.
 */
export async function storeLeft(
  left: Readonly<{ journals: readonly AdoptedJournal[]; spills: readonly LeftFile[] }>,
  deps: EntryDeps,
  { onUnusable, onStored }: LeftHearers,
): Promise<Restored> {
  const answers = new LeftAnswers();
  const awaited: Promise<unknown>[] = [];
  const ends: EntryEnd[] = [];
  /** @param done hears whether the store has all of the file, once nothing of it waits. */
  const store = async (file: LeftFile, done: (whole: boolean) => void) => {
    const read = file.read();
    if (read.kind === 'unusable') {
      onUnusable(`${file.path}: ${read.reason}`);
      done(false);
      return;
    }
    if (read.damaged > 0) onUnusable(strangeText(read.damaged, file));
    const those = await storeAll(read.entries, deps);
    ends.push(...those);
    const held = those.flatMap((end) => (end.kind === 'held' ? [end.answer] : []));
    const unknown = those.filter(({ kind }) => kind === 'unknown').length;
    if (unknown > 0) onUnusable(strangeText(unknown, file));
    const whole = read.damaged + unknown === 0;
    answers.add(held, () => {
      if (whole) file.remove();
      else file.setAside();
      done(whole);
    });
  };

  for (const spill of left.spills) await store(spill, () => undefined);
  for (const journal of left.journals) {
    let open = journal.files.length;
    let whole = true;
    const done = (wholeFile: boolean) => {
      whole &&= wholeFile;
      open -= 1;
      if (open > 0) return;
      const all = whole && !journal.isSetAside();
      journal.release();
      if (all) awaited.push(onStored(journal.id));
    };
    for (const file of journal.files) await store(file, done);
  }
  await releaseFailed(ends, deps);
  await Promise.all(awaited);
  const stored = ends.filter(({ kind }) => KEPT.has(kind)).length;
  const dropped = ends.filter(({ kind }) => kind === 'dropped').length;
  return { stored, dropped, atHand: answers.count, answers };
}

function strangeText(count: number, { path, aside }: LeftFile): string {
  const [entries, are] = count === 1 ? ['entry', 'is'] : ['entries', 'are'];
  return `${count} ${entries} of ${path} ${are} torn, changed or not known, and the file becomes ${aside}`;
}

const KEPT: ReadonlySet<EntryEnd['kind']> = new Set(['stored', 'failed-attempt', 'step']);

/** The works side by side, the entries of each in order. */
async function storeAll(entries: readonly JournalEntry[], deps: EntryDeps): Promise<readonly EntryEnd[]> {
  const byWork = Map.groupBy(entries, ownerOf);
  const works = [...byWork.values()].map(async (its) => {
    const ends: EntryEnd[] = [];
    for (const entry of its) ends.push(await storeEntry(entry, deps));
    return ends;
  });
  return (await Promise.all(works)).flat();
}

function ownerOf(entry: JournalEntry): string {
  if (entry.kind === 'look-up') return entry.lookUp.key;
  return entry.kind === 'arrival' ? entry.arrival.workId : entry.workId;
}

/** Gives back the claims of works that have to be asked for once more, or go on: nobody needs to wait out a dead process's lease. */
async function releaseFailed(ends: readonly EntryEnd[], { store, persist }: EntryDeps): Promise<void> {
  const failed = ends.flatMap((end): readonly (HeldWork & Readonly<{ stage: string }>)[] => {
    if (end.kind === 'step') return [end.held];
    return end.kind === 'failed-attempt' ? [end.attempt] : [];
  });
  const released = failed.map((held) => persist(async () => worksOf(store, held.stage)?.release(held)));
  await Promise.all(released);
}
