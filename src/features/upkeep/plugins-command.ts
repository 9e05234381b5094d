import { Command } from 'commander';
import { addPlaceFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { registeredParts } from '../../infra/plugins/register.ts';
import { alignedColumns, printable, printableJson } from '../../infra/terminal/format.ts';
import { print } from '../../infra/terminal/print.ts';

const LONGEST_PLACE = 30;

/** `millrace plugins`: the parts that the settings of this folder bring, beside ours. */
export function pluginsCommand(): Command {
  const command = new Command('plugins')
    .description(
      'Lists what is registered, and by whom: training types, formats and other parts, ours and those of the plugins that the settings name.',
    )
    .option('--own', 'only what plugins brought')
    .option('--json', 'as JSON');
  return addPlaceFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ millrace plugins
  $ millrace plugins --config my.config.ts --json

A plugin is code, and runs with your rights: see docs/extending.md.`,
    )
    .action((flags: PluginsFlags) => list(flags, command));
}

type PluginsFlags = Readonly<{ own?: true; json?: true }>;

async function list({ own, json }: PluginsFlags, command: Command): Promise<void> {
  await settingsOf(command);
  const parts = registeredParts().filter(({ where }) => own === undefined || where !== 'built in');
  if (json === true) return print(printableJson(parts, undefined, 2));
  if (parts.length === 0) return print('No plugin is registered: the setting plugins names none.');
  const rows = parts.map(({ kind, name, plugin, where }) => [
    kind,
    name,
    printable(plugin),
    // The end of a path says most.
    where.length > LONGEST_PLACE ? `…${printable(where.slice(1 - LONGEST_PLACE))}` : printable(where),
  ]);
  print(alignedColumns([['kind', 'name', 'by', 'from'], ...rows]));
}
