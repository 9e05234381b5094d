import { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import { sourceNamesSchema } from '../../infra/config/research-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { assertKnownSources } from '../../infra/documents/index/assert-known.ts';
import { isIndexed } from '../../infra/documents/index/of-settings.ts';
import { openFinder } from '../../infra/documents/vectors/open-finder.ts';
import { printAll } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';
import { wholeNumber } from '../run/run-flags.ts';
import { sourceFlags } from './open-index.ts';
import { foundText, NO_SOURCES } from './sources-text.ts';

type SearchFlags = Readonly<{ source?: string; limit: number; json?: true }>;

const USUAL_LIMIT = 10;

/** `millrace sources search`: what a question with these words would be shown. */
export function searchCommand(): Command {
  const command = new Command('search')
    .summary('what a question with these words would be shown')
    .description('Searches the documents as a run does: what a question with these words would be shown.')
    .argument('<words...>', 'a question, or words of it')
    .option('--source <names>', 'only these sources: manuals,wiki')
    .option('--limit <n>', `at most so many (default: ${USUAL_LIMIT})`, wholeNumber);
  return sourceFlags(command).action((words: string[], flags: SearchFlags) => search(command, words, flags));
}

async function search(command: Command, words: readonly string[], flags: SearchFlags): Promise<void> {
  const settings = await settingsOf(command);
  const finder = await openFinder(settings);
  try {
    const sources = flags.source === undefined ? undefined : await namesIn(flags.source, settings);
    const wanted = { text: words.join(' '), limit: flags.limit ?? USUAL_LIMIT, sources };
    const found = await finder.find(wanted);
    const isThere = found.length > 0 || (await isIndexed(settings));
    printAll(flags, found, () => (isThere ? foundText(found) : NO_SOURCES));
  } finally {
    await finder.close();
  }
}

async function namesIn(text: string, settings: Settings): Promise<readonly string[]> {
  const parsed = sourceNamesSchema.safeParse(text);
  if (parsed.success) {
    await assertKnownSources(parsed.data, settings);
    return parsed.data;
  }
  throw new Failure('fatal', 'bad_source', `--source: expected names such as manuals,wiki; got ${text}.`);
}
