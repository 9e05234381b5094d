import { journalBytes, listJournals, type UnusableJournal } from '../../../infra/journal/list-journals.ts';
import { type Check, ok, warning } from './check.ts';

const MEGABYTE = 1_024 ** 2;

/** The journals in the data directory: what has arrived and is not known to stand in the store. */
export const journals: Check = {
  name: 'journal',
  look: async ({ settings: { data }, namespace }) => {
    const { files, unusable, damaged } = listJournals(data, namespace);
    const waits = `${sizeOf(files)} under ${data}: a run at work empties its own, and the next start stores what others left`;
    const isNoneThere = files.length + unusable.length === 0;
    return [
      ...(isNoneThere ? [ok(`no answer waits for the store in ${data}`)] : []),
      ...(files.length === 0 ? [] : [ok(waits)]),
      ...unusable.map(cannotBeUsed),
      ...(damaged.length === 0 ? [] : [setAside(damaged, data)]),
    ];
  },
};

function cannotBeUsed({ path, reason }: UnusableJournal) {
  return warning(
    `no start can use the paid answers in ${path}: ${reason}`,
    'put that right and start again, or delete the file: answers that the store lacks are paid for again',
  );
}

function setAside(damaged: Parameters<typeof journalBytes>[0], data: string) {
  const text = `${sizeOf(damaged)} under ${data} cannot all be read: what was in it may have been paid for again`;
  return warning(text, `delete ${damaged.map(({ path }) => path).join(', ')}, or let millrace gc`);
}

function sizeOf(files: Parameters<typeof journalBytes>[0]): string {
  const many = files.length === 1 ? '1 file' : `${files.length} files`;
  return `${many} of journals, ${(journalBytes(files) / MEGABYTE).toFixed(1)} MB`;
}
