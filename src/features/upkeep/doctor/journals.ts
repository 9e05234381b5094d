import { journalBytes, listJournals } from '../../../infra/journal/list-journals.ts';
import { type Check, ok, warning } from './check.ts';

const MEGABYTE = 1_024 ** 2;

/** The journals in the data directory: what has arrived and is not known to stand in the store. */
export const journals: Check = {
  name: 'journal',
  look: async ({ settings: { data }, namespace }) => {
    const { files, damaged } = listJournals(data, namespace);
    const found =
      files.length === 0
        ? ok(`no answer waits for the store in ${data}`)
        : ok(
            `${sizeOf(files)} under ${data}: a run at work empties its own, and the next start stores what others left`,
          );
    if (damaged.length === 0) return [found];
    const text = `${sizeOf(damaged)} under ${data} cannot all be read: what was in it may have been paid for again`;
    return [found, warning(text, `delete ${damaged.map(({ path }) => path).join(', ')}, or let millrace gc`)];
  },
};

function sizeOf(files: Parameters<typeof journalBytes>[0]): string {
  const many = files.length === 1 ? '1 file' : `${files.length} files`;
  return `${many} of journals, ${(journalBytes(files) / MEGABYTE).toFixed(1)} MB`;
}
