import type { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import { indexPath } from '../../infra/documents/index/index-path.ts';
import { SourceIndex } from '../../infra/documents/index/source-index.ts';

/** Flags of these commands that are no settings of the same name. */
const OWN = ['license', 'name'];

/** Opens the index of the command's data, and closes it when the act is over. */
export async function openIndex(command: Command, act: (index: SourceIndex) => Promise<void>): Promise<void> {
  const settings = await settingsOf(command, OWN);
  const index = new SourceIndex(indexPath(settings), settings.data);
  try {
    await act(index);
  } finally {
    index.close();
  }
}
