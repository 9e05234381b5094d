import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { allowedFilesPath, setAllowed } from '../../infra/config/files/allowed-files.ts';
import { CONFIG_NAMES, configFileHere } from '../../infra/config/files/config-file.ts';
import { print } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';

/** `millrace config`: which settings file of a folder counts. */
export function configCommand(): Command {
  const command = new Command('config')
    .description(
      'A settings file that lies in the working directory may have come with somebody else’s folder. If it is code, or names a server, a variable or a place outside the folder, it counts only once you have allowed it, and only as it was then.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ millrace config allow    the millrace.config.* of this folder, as it is now
  $ millrace config deny
  $ millrace run q.jsonl --config my.yaml    a named file need not be allowed
  $ MILLRACE_CONFIG=millrace.config.ts millrace worker …`,
    );
  for (const [name, allowed] of [
    ['allow', true],
    ['deny', false],
  ] as const)
    command
      .command(name)
      .description(allowed ? 'let the file count, until it is changed' : 'no longer let the file count')
      .argument('[file]', `default: ${CONFIG_NAMES} of the working directory`)
      .option('--verbose', 'show stack traces')
      .action((file: string | undefined) => set(file, allowed));
  return command;
}

async function set(file: string | undefined, allowed: boolean): Promise<void> {
  const path = file ?? configFileHere();
  if (path === undefined || !existsSync(path)) {
    const what = path ?? CONFIG_NAMES;
    throw new Failure('fatal', 'bad_config', `There is no ${what} here: name a settings file.`);
  }
  await setAllowed(path, allowed);
  const how = allowed ? 'allowed as it is now' : 'allowed no more';
  print(`${path} is ${how} (kept in ${allowedFilesPath()}).`);
}
