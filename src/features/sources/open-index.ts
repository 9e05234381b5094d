import type { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import type { DocumentIndex } from '../../infra/documents/index/document-index.ts';
import { openIndexOf } from '../../infra/documents/index/of-settings.ts';

/** Flags of these commands that are no settings of the same name. */
const OWN = ['license', 'name'];

/** Opens the index of the command's data, and closes it when the act is over. */
export async function openIndex(
  command: Command,
  act: (index: DocumentIndex) => Promise<void>,
): Promise<void> {
  const settings = await settingsOf(command, OWN);
  const index = await openIndexOf(settings);
  try {
    await act(index);
  } finally {
    await index.close();
  }
}
