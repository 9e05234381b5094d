import type { Command } from 'commander';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { type Golden, oneFile } from './golden.ts';

/** The width that all help is made for. */
export const COLUMNS = 80;

/** `--help` of the program and of each command, on a terminal of 80 columns. */
export const help: Golden = {
  name: 'help',
  make: async () => {
    const names = COMMANDS.map(({ name }) => name);
    const [list, full] = await Promise.all([buildProgram([]), buildProgram(names)]);
    const texts = [helpOf(list, []), ...full.commands.flatMap((command) => helpOfAll(command, []))];
    return oneFile('help.txt', texts.join('\n'));
  },
};

function helpOfAll(command: Command, above: readonly string[]): readonly string[] {
  const path = [...above, command.name()];
  return [helpOf(command, path), ...command.commands.flatMap((each) => helpOfAll(each, path))];
}

function helpOf(command: Command, path: readonly string[]): string {
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => COLUMNS,
    getOutHasColors: () => false,
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return `$ ${['millrace', ...path, '--help'].join(' ')}\n${text}`;
}
