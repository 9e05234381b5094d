import { Command } from 'commander';
import { addPlaceFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { readType, registerTypes } from '../../infra/plugins/load-types.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { alignedColumns, printable, printableJson } from '../../infra/terminal/format.ts';
import { print } from '../../infra/terminal/print.ts';
import { trainingTypeNamed, trainingTypeSlot } from '../../stages/training-types/index.ts';
import { checkedType } from './check-type.ts';
import { tryCommand } from './try-command.ts';

/** `millrace types`: the training types there are, and what one's own lack. */
export function typesCommand(): Command {
  const command = new Command('types').description(
    'Shows training types: ours, those of plugins, and those of files such as types/flashcard.yaml (see docs/types.md).',
  );
  const list = new Command('list')
    .description('the types that these settings know')
    .option('--json', 'as JSON');
  addPlaceFlags(list).action(async ({ json }: Readonly<{ json?: true }>) => {
    await settingsOf(list);
    const rows = [...trainingTypeSlot.parts.values()].map(({ name, description }) => ({
      ...{ name, description },
      from: trainingTypeSlot.sourceOf(name)?.name ?? '',
    }));
    const cells = rows.map(({ name, description, from }) => [name, from, printable(description)]);
    const table = alignedColumns([['type', 'from', 'what it is'], ...cells]);
    print(fitted(json === true ? printableJson(rows, undefined, 2) : table));
  });
  const show = new Command('show').description('what a type asks for').argument('<name>', 'its name');
  addPlaceFlags(show).action(async (name: string) => {
    await settingsOf(show);
    print(fitted(checkedType(trainingTypeNamed(name)).shown));
  });
  const check = new Command('check')
    .description('whether a file is a type: its schema, templates and columns, with a made-up candidate')
    .argument('<file>', 'types/flashcard.yaml');
  check.action(async (file: string) => {
    const { name } = await readType(file);
    await registerTypes([file]);
    const type = trainingTypeNamed(name);
    print(fitted(`${checkedType(type).shown}\n\n${printable(file)}: the type ${type.name} can be used.`));
  });
  return command.addCommand(list).addCommand(show).addCommand(check).addCommand(tryCommand());
}
