import { Command } from 'commander';
import { collected } from '../../infra/config/flags/price-flag.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { WritableIndex } from '../../infra/documents/index/document-index.ts';
import { count } from '../../infra/terminal/format.ts';
import { note, print, printFound } from '../../infra/terminal/print.ts';
import { asFailure } from '../../streams/failure.ts';
import { calledAs, samePlace } from '../run/place-flags.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { type AddOptions, addSource } from './add-source.ts';
import { DryIndex } from './dry-index.ts';
import { forecastVectors, type VectorForecast } from './embed-source.ts';
import { followSource } from './follow-source.ts';
import { openIndex, openIndexToRead, sourceFlags } from './open-index.ts';
import type { Added } from './read-source.ts';
import { addedText, nextSourcesText } from './sources-text.ts';
import { type EmbedFlags, embedAndTell, tell, vectorForecastText } from './tell.ts';

type AddFlags = AddOptions & EmbedFlags & Readonly<{ follow?: true; dryRun?: true }>;

/** Of the index of SQLite for each character of text, measured with Markdown. */
const BYTES_A_CHARACTER = 1.8;
const CHARACTERS_A_TOKEN = 4;
const QUERIES = 'Each search embeds its question as well: a few dozen tokens.';

/** `millrace sources add`. */
export function addCommand(): Command {
  const command = new Command('add')
    .summary('index a folder or a file; again: what has changed in it')
    .description(
      'Indexes the documents of a folder, or one file. The same again reads only what has changed. Works beside a run.',
    )
    .argument('<path...>', 'folders or files')
    .option('--name <name>', 'what the source is called (default: as its folder or file)')
    .option('--include <glob>', 'only such files; may be said again', collected)
    .option('--exclude <glob>', 'no such files; may be said again', collected)
    .option('--text-field <name>', 'of tables: the column that holds the text of each row')
    .option('--title-field <name>', 'of tables: the column that holds its title')
    .option('--license <id>', 'licence of the documents, such as cc-by-4.0; the dataset card names it')
    .option('--follow', 'stay, and read what changes, until Ctrl-C')
    .option('--dry-run', 'read everything, write nothing, and say what it would hold and cost')
    .option('--yes', 'make vectors without asking, where embeddings are set');
  return sourceFlags(command).action((paths: string[], flags: AddFlags) =>
    flags.dryRun === true ? foresee(command, paths, flags) : add(command, paths, flags),
  );
}

async function add(command: Command, paths: readonly string[], flags: AddFlags): Promise<void> {
  await openIndex(command, async (index, settings) => {
    const names: string[] = [];
    let isNew = false;
    for (const path of paths) {
      const added = await addSource(index, path, flags);
      names.push(added.source);
      tell(added, flags);
      isNew ||= added.newChunks > 0;
    }
    await embedAndTell(index, settings, flags);
    if (isNew && flags.json !== true && flags.follow !== true)
      print(nextSourcesText(samePlace(), calledAs()));
    if (flags.follow === true) await follow(index, { settings, names, flags });
  });
}

type Following = Readonly<{ settings: Settings; names: readonly string[]; flags: AddFlags }>;

async function follow(index: WritableIndex, { settings, names, flags }: Following): Promise<void> {
  const stop = new AbortController();
  const signals = drainOnSignals(
    { drain: () => stop.abort() },
    note,
    'Stopping: what is being read is read to its end. Ctrl-C again stops at once.',
  );
  note('Following: what changes is read. Ctrl-C ends it.');
  let embedding = Promise.resolve();
  const embed = () => {
    embedding = embedding.then(() => embedAndTell(index, settings, { ...flags, yes: true }));
    // The trouble of now may be over at the next change: what lacks vectors is found by its words.
    embedding = embedding.catch((error: unknown) => note(asFailure(error).message));
  };
  try {
    await Promise.all(
      names.map((name) =>
        followSource(index, name, {
          signal: stop.signal,
          onRead: (added) => {
            tell(added, flags);
            if (added.newChunks > 0) embed();
          },
          onTrouble: note,
        }),
      ),
    );
    await embedding;
  } finally {
    signals.off();
  }
}

async function foresee(command: Command, paths: readonly string[], flags: AddFlags): Promise<void> {
  await openIndexToRead(command, async (index, settings) => {
    const dry = new DryIndex(index);
    for (const path of paths) {
      const before = dry.characters;
      const added = await addSource(dry, path, flags);
      const characters = dry.characters - before;
      const vectors = forecastVectors(settings, { chunks: added.newChunks, characters });
      const foreseen = foreseenLines(added, characters, settings, vectors);
      const text = [addedText(added), ...foreseen].join('\n');
      printFound(flags, { ...added, characters, vectors, dryRun: true }, () => text);
    }
  });
}

function foreseenLines(
  { newChunks }: Added,
  characters: number,
  { piecesInFront, mongo }: Settings,
  vectors: VectorForecast | undefined,
): readonly string[] {
  const dry = 'Dry run: nothing was written. The same command without --dry-run indexes it.';
  if (newChunks === 0) return [dry];
  const tokens = (characters / newChunks / CHARACTERS_A_TOKEN) * piecesInFront;
  const disk = Math.max(1, Math.ceil((characters * BYTES_A_CHARACTER) / 1_000_000));
  const free = vectors === undefined ? ' To index costs no call of a model.' : '';
  return [
    dry,
    ...(mongo === undefined ? [`The index would grow by about ${count(disk)} MB.${free}`] : []),
    ...(vectors === undefined ? [] : [`${vectorForecastText(vectors)}.`, QUERIES]),
    `A question is shown up to ${count(piecesInFront)} pieces (piecesInFront), here about ${count(Math.round(tokens))} tokens.`,
  ];
}
