import { Command } from 'commander';
import { settingsOf } from '../../../infra/config/flags/flags.ts';
import { addSettingFlags } from '../../../infra/config/flags/setting-flags.ts';
import { expandSources } from '../../../infra/input/sources/expand-sources.ts';
import { EXIT } from '../../../infra/terminal/exit-code.ts';
import { fitted } from '../../../infra/terminal/fitted.ts';
import { printable, printableJson } from '../../../infra/terminal/format.ts';
import { note, print } from '../../../infra/terminal/print.ts';
import { Failure } from '../../../streams/failure.ts';
import { addInputFlags, INPUT_HELP, type InputFlags, inputOptionsOf } from '../input-flags.ts';
import { type Looked, look } from './look.ts';
import { nextText, typedFlags } from './look-next.ts';
import { lookText } from './look-text.ts';

type LookFlags = InputFlags & Readonly<{ json?: true }>;

/** `millrace look`: what a file of questions is, before anything is asked. */
export function lookCommand(): Command {
  const command = new Command('look')
    .description(
      'Says what each file holds and how it would be read, and shows three of its questions as they would be asked. Asks no model and writes nothing.',
    )
    .argument('<files...>', INPUT_HELP);
  addSettingFlags(command, 'topic', 'subTopic', 'trainingType');
  command.option('--json', 'as JSON lines, one a file');
  return addInputFlags(command)
    .option('--config <file>', 'settings file, which may hold a map')
    .option('--verbose', 'show stack traces')
    .addHelpText('after', HELP)
    .action((files: readonly string[], flags: LookFlags) => lookAt(files, flags, command));
}

const HELP = `
Examples:
  $ millrace look alpaca.json
  $ millrace look 'tickets/*.csv' --map question=subject+body
  $ millrace look export.csv --separator ';' --encoding windows-1252

Exit codes: 0 there are questions in each file that is not empty, 2 there are
none in one of them, or in none.`;

async function lookAt(files: readonly string[], flags: LookFlags, command: Command): Promise<void> {
  const options = inputOptionsOf(await settingsOf(command), flags);
  const chosen = (flags.from ?? flags.reference) !== undefined;
  const typed = { files, flags: typedFlags(command), chosen };
  const sources = await expandSources(files);
  let last: Looked | undefined;
  for (const source of sources) {
    const looked = await look(source, options).catch((error: unknown) => {
      if (!(error instanceof Failure) || sources.length === 1) throw error;
      return error;
    });
    if (looked instanceof Failure) {
      note(printable(looked.message, 400));
      // A run passes over it too.
      if (looked.code !== 'input_empty') process.exitCode = EXIT.usage;
      continue;
    }
    if (looked.questions === 0) process.exitCode = EXIT.usage;
    if (flags.json === true) print(printableJson(lookJson(looked)));
    else print(`${last === undefined ? '' : '\n'}${fitted(lookText(looked))}`);
    last = looked;
  }
  if (last === undefined) process.exitCode = EXIT.usage;
  else if (flags.json !== true) print(`\n${fitted(nextText(typed, last))}`);
}

/** The same for programs. */
function lookJson({ mapping, shown, bad, parts, languages, ...looked }: Looked): object {
  return {
    ...looked,
    parts: [...parts],
    languages: Object.fromEntries([...languages].map(([name, n]) => [name ?? 'not told', n])),
    readAs: mapping?.shape.name ?? null,
    shown: shown.map(({ kind: _kind, ...entry }) => entry),
    bad: bad.map(({ count, first }) => ({ count, line: first.line, reason: first.reason })),
  };
}
