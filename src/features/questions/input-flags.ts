import { type Command, Option } from 'commander';
import { collected } from '../../infra/config/flags/price-flag.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { InputOptions } from '../../infra/input/input-entry.ts';
import { FROM, type From } from '../../infra/input/mapping/meant.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';

export const INPUT_HELP =
  'questions: .jsonl, .json, .csv, .tsv, .txt (also .gz, .zst) or .parquet; a glob, a directory; - for standard input';

/** How an input is read where its own look does not tell. */
export type InputFlags = Readonly<{
  from?: From;
  as?: 'conversation';
  separator?: string;
  encoding?: string;
}>;

/** The flags of every command that reads questions. */
export function addInputFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--from <what>',
        'what answers in the input are for: answer and pair judge and mend them, question asks anew',
      ).choices(FROM),
    )
    .addOption(settingFlag('map').argParser(collected))
    .addOption(
      new Option('--as <type>', 'read conversations whole: the first user message asks').choices([
        'conversation',
      ]),
    )
    .option('--separator <c>', 'what divides the columns of a table: ; or tab (default: as found)')
    .option('--encoding <label>', 'encoding of the input, such as windows-1252 (default: as found)');
}

/** How a command reads its input. */
export function inputOptionsOf(settings: Settings, flags: InputFlags): InputOptions {
  const { topic, subTopic, trainingType, map } = settings;
  const { from, as, separator, encoding } = flags;
  return {
    defaults: { topic, subTopic, trainingType },
    trainingTypes: [...trainingTypes.keys()],
    stdin: process.stdin,
    ...(settings.research === 'memory' ? { research: true } : {}),
    ...{ from, as, map, separator, encoding },
  };
}
