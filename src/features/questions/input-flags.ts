import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { collected } from '../../infra/config/flags/price-flag.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { InputOptions } from '../../infra/input/input-entry.ts';
import { FROM, type From } from '../../infra/input/mapping/meant.ts';
import { partsInputShape } from '../../stages/input-schemas.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';
import { Failure } from '../../streams/failure.ts';

export const INPUT_HELP =
  'questions: .jsonl, .json, .csv, .tsv, .txt (also .gz, .zst) or .parquet; a glob, a directory; hf:OWNER/NAME; - for standard input';

/** How an input is read where its own look does not tell. */
export type InputFlags = Readonly<{
  from?: From;
  as?: 'conversation';
  system?: string;
  questionTools?: string;
  reference?: 'answer';
  separator?: string;
  encoding?: string;
}>;

/** The flags of every command that reads questions. */
export function addInputFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--from <what>',
        'what answers in the input are for: answer and pair judge and improve them, question writes new ones',
      ).choices(FROM),
    )
    .addOption(settingFlag('map').argParser(collected))
    .addOption(
      new Option(
        '--reference <what>',
        'answer: answers in the input are right; the judge sees them, no writer does',
      ).choices(['answer']),
    )
    .addOption(
      new Option('--as <type>', 'read conversations whole: the first user message asks').choices([
        'conversation',
      ]),
    )
    .option('--system <text>', 'system prompt of questions that bring none; @FILE reads it')
    .option('--question-tools <file>', 'JSON: what the assistant may call, where questions say nothing')
    .option('--separator <c>', 'what divides the columns of a table: ; or tab (default: as found)')
    .option('--encoding <label>', 'encoding of the input, such as windows-1252 (default: as found)');
}

/** How a command reads its input. Throws a Failure (`bad_flags`) where its flags contradict each other. */
export function inputOptionsOf(settings: Settings, flags: InputFlags): InputOptions {
  const { topic, subTopic, trainingType, map } = settings;
  const { as, reference, separator, encoding } = flags;
  if (reference !== undefined && (flags.from ?? 'question') !== 'question')
    throw new Failure('fatal', 'bad_flags', eitherOr(flags.from));
  // That says what answers are for, too.
  const from = flags.from ?? (reference === undefined ? undefined : 'question');
  return {
    defaults: { topic, subTopic, trainingType, ...partsFrom(flags) },
    trainingTypes: [...trainingTypes.keys()],
    stdin: process.stdin,
    ...(settings.research === 'memory' ? { research: true } : {}),
    ...{ from, as, reference, map, separator, encoding },
  };
}

function eitherOr(from: From | undefined): string {
  return `Either --from ${from} or --reference answer: answers are judged, or they are what new ones are held against. A reference beside answers that are judged stands in a column of its own: --map reference=COLUMN.`;
}

const partsSchema = z.object({ system: partsInputShape.system, tools: partsInputShape.tools });

/** What questions have that bring none themselves. Throws a Failure (`bad_flags`) that names the flag. */
export function partsFrom({
  system,
  questionTools,
}: Pick<InputFlags, 'system' | 'questionTools'>): z.output<typeof partsSchema> {
  const read = partsSchema.safeParse({
    system: system?.startsWith('@') === true ? textOf('--system', system.slice(1)) : system,
    tools: questionTools === undefined ? undefined : textOf('--question-tools', questionTools),
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const flag = issue?.path[0] === 'system' ? '--system' : `--question-tools ${questionTools ?? ''}`;
  throw new Failure('fatal', 'bad_flags', `${flag}: ${issue?.message ?? 'it cannot be used'}.`);
}

function textOf(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('fatal', 'bad_flags', `${flag}: the file ${file} cannot be read.`, { cause });
  }
}
