import { z } from 'zod';

const text = z.string().max(10_000);

export const journalNoteSchema = z
  .object({
    /** Of the process, as the workers show themselves. */
    id: text.min(1),
    host: text,
    directory: text,
    /** When it began, by its own clock. */
    since: text,
  })
  .readonly();

/** Says that a process keeps a journal, and where. */
export type JournalNote = z.output<typeof journalNoteSchema>;

/**
 * Where answers may wait that the store does not have: for people, nothing is decided by it. Kept where several machines share
 * a store; on one machine the files themselves say it. Rejects with Failures of kind `outage` or `fatal`.
 */
export interface JournalRepository {
  note(journal: JournalNote): Promise<void>;
  /** The store has all of it. Safe to repeat. */
  stored(id: string): Promise<void>;
  /** Those of processes that have gone silent, oldest first. */
  waiting(): Promise<readonly JournalNote[]>;
}

/** One machine's: its journals are in its data directory. */
export const NO_JOURNAL_NOTES: JournalRepository = {
  note: async () => undefined,
  stored: async () => undefined,
  waiting: async () => [],
};
