import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { addIndexFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { WritableIndex } from '../../infra/documents/index/document-index.ts';
import { indexPath } from '../../infra/documents/index/index-place.ts';
import { openIndexOf } from '../../infra/documents/index/of-settings.ts';

/** Flags of these commands that are no settings of the same name. */
const OWN = ['license', 'name', 'dryRun', 'yes'];

/** Opens the index of the command's data, and closes it when the act is over. */
export async function openIndex(
  command: Command,
  act: (index: WritableIndex, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = await settingsOf(command, OWN);
  const index = await openIndexOf(settings);
  try {
    await act(index, settings);
  } finally {
    await index.close();
  }
}

/** The same for an act that writes nothing: no index is made where there is none. */
export async function openIndexToRead(
  command: Command,
  act: (index: WritableIndex | undefined, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = await settingsOf(command, OWN);
  const isThere = settings.mongo !== undefined || existsSync(indexPath(settings));
  const index = isThere ? await openIndexOf(settings) : undefined;
  try {
    await act(index, settings);
  } finally {
    await index?.close();
  }
}

/** Where the index is, and how the answer is printed. */
export function sourceFlags(command: Command): Command {
  return addIndexFlags(command.option('--json', 'as JSON'));
}
