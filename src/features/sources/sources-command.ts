import { Command } from 'commander';
import { unknownSource } from '../../infra/documents/index/assert-known.ts';
import { plural } from '../../infra/terminal/format.ts';
import { printAll, printFound } from '../../infra/terminal/print.ts';
import { addCommand } from './add-command.ts';
import { namesOf, refreshSource } from './add-source.ts';
import { removeSource } from './forgotten-documents.ts';
import { openIndex, sourceFlags } from './open-index.ts';
import { searchCommand } from './search-command.ts';
import { sourcesTable, sourceText } from './sources-text.ts';
import { staleCommand } from './stale-command.ts';
import { type EmbedFlags, embedAndTell, tell } from './tell.ts';

type JsonFlag = Readonly<{ json?: true }>;

/** `millrace sources`: the documents that answers are to rest on. */
export function sourcesCommand(): Command {
  const command = new Command('sources').description(
    'The documents that answers rest on: run --research sources searches them, and checks every quote.',
  );
  for (const each of [
    addCommand(),
    listCommand(),
    showCommand(),
    searchCommand(),
    refreshCommand(),
    staleCommand(),
    removeCommand(),
  ])
    command.addCommand(each.exitOverride());
  return command.addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  $ millrace sources add manuals/
  $ millrace sources add handbook.md --name handbook --license cc-by-4.0
  $ millrace sources search "oil pressure"
  $ millrace run questions.jsonl --research sources`;

function refreshCommand(): Command {
  const command = new Command('refresh')
    .summary('read again what has changed in a source, or in all')
    .description(
      'Reads again what has changed in a source, or in all of them, and makes vectors that are missing.',
    )
    .argument('[name]', 'a source')
    .option('--yes', 'make vectors without asking, where embeddings are set');
  return sourceFlags(command).action((name: string | undefined, flags: EmbedFlags) =>
    openIndex(command, async (index, settings) => {
      const names = name === undefined ? (await index.sources()).map((source) => source.name) : [name];
      for (const each of names) tell(await refreshSource(index, each), flags);
      await embedAndTell(index, settings, flags);
    }),
  );
}

function listCommand(): Command {
  const command = new Command('list')
    .summary('what is indexed, and from where')
    .description('The sources: where they are, and how much is indexed of each.');
  return sourceFlags(command).action((flags: JsonFlag) =>
    openIndex(command, async (index) => {
      const sources = await index.sources();
      printAll(flags, sources, () => sourcesTable(sources));
    }),
  );
}

function showCommand(): Command {
  const command = new Command('show')
    .summary('the documents of a source, and why some cannot be read')
    .description('The documents of a source, and why some of them could not be read.')
    .argument('<name>', 'a source');
  return sourceFlags(command).action((name: string, flags: JsonFlag) =>
    openIndex(command, async (index) => {
      const source = await index.source(name);
      if (source === undefined) throw unknownSource(name, await namesOf(index));
      const documents = [...(await index.documents(name)).values()];
      printFound(flags, { ...source, documents }, () => sourceText(source, documents));
    }),
  );
}

function removeCommand(): Command {
  const command = new Command('remove')
    .summary('remove the text of a source from the index')
    .description('Removes the text of a source from the index. Answers based on it stay as they are.')
    .argument('<name>', 'a source');
  return sourceFlags(command).action((name: string, flags: JsonFlag) =>
    openIndex(command, async (index) => {
      const { documents, chunks } = await removeSource(index, name);
      const gone = `${plural(documents, 'document')} taken out, ${plural(chunks, 'chunk')} searched no more.`;
      printFound(flags, { removed: name, documents, chunks }, () => `${name}: ${gone}`);
    }),
  );
}
