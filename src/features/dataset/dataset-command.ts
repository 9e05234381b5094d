import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { money, plural, printableJson } from '../../infra/terminal/format.ts';
import { print, printAll } from '../../infra/terminal/print.ts';
import type { Manifest } from '../../stages/dataset/dataset-version.ts';
import { Failure } from '../../streams/failure.ts';
import { openData } from '../run/session/open-data.ts';

/** `millrace dataset`: what is kept of the dataset beside its examples. */
export function datasetCommand(): Command {
  const command = new Command('dataset').exitOverride();
  command.addCommand(versionsCommand());
  return command;
}

function versionsCommand(): Command {
  const command = new Command('versions')
    .summary('the versions that were made, or the manifest of one')
    .description(
      'Lists the versions of the dataset, oldest first. With a name: its manifest, as JSON: offsets of the ledger, counts, hashes, recipes, cost.',
    )
    .argument('[name]', 'one version')
    .option('--json', 'as JSON lines')
    .exitOverride();
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace export --as-version v1 --out v1.jsonl\n  $ millrace dataset versions\n  $ millrace dataset versions v1\n  $ millrace export --version v1 --out again.jsonl',
    )
    .action((name: string | undefined, flags: Readonly<{ json?: true }>) => show(name, flags, command));
}

async function show(
  name: string | undefined,
  { json }: Readonly<{ json?: true }>,
  command: Command,
): Promise<void> {
  await using data = await openData(await settingsOf(command));
  const { engine } = data;
  const { versions } = engine.store;
  if (name !== undefined) {
    return print(manifestText(await versions.get(name), name));
  }
  const all = await versions.list();
  const none = 'No versions yet. Make one with: millrace export --as-version v1';
  printAll({ json }, all, () => (all.length === 0 ? none : all.map(lineOf).join('\n')));
}

function manifestText(manifest: Manifest | undefined, name: string): string {
  if (manifest !== undefined) return printableJson(manifest, undefined, 2);
  throw new Failure('fatal', 'no_version', `There is no version ${name}. See: millrace dataset versions`);
}

function lineOf({ name, createdAt, examples, wish: request, files, costUsd }: Manifest): string {
  const what = `${request.format} of lane ${request.lane}, ${plural(files.length, 'file')}`;
  return `${name}  ${createdAt}  ${plural(examples, 'example')}, ${money(costUsd)}  (${what})`;
}
