import { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import { expandSources } from '../../infra/input/sources/expand-sources.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { jsonText, printable } from '../../infra/terminal/format.ts';
import { Failure } from '../../streams/failure.ts';
import { addInputFlags, INPUT_HELP, type InputFlags, inputOptionsOf } from './input-flags.ts';
import { type Looked, look } from './look.ts';
import { lookText } from './look-text.ts';

type LookFlags = InputFlags & Readonly<{ map?: readonly string[]; json?: true }>;

/** `millrace look`: what a file of questions is, before anything is asked. */
export function lookCommand(): Command {
  const command = new Command('look')
    .description(
      'Says what each file holds and how it would be read, and shows three of its questions as they would be asked. Asks no model and writes nothing.',
    )
    .argument('<files...>', INPUT_HELP)
    .addOption(settingFlag('topic'))
    .addOption(settingFlag('subTopic'))
    .addOption(settingFlag('trainingType'))
    .option('--json', 'as JSON lines, one a file');
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

Exit codes: 0 there are questions in each file, 2 there are none in one of them.`;

async function lookAt(files: readonly string[], flags: LookFlags, command: Command): Promise<void> {
  const options = inputOptionsOf(await settingsOf(command), flags);
  const sources = await expandSources(files);
  for (const [index, source] of sources.entries()) {
    const looked = await look(source, options).catch((error: unknown) => {
      if (!(error instanceof Failure) || sources.length === 1) throw error;
      return error;
    });
    const unread = looked instanceof Failure || looked.questions === 0;
    if (unread) process.exitCode = EXIT.usage;
    if (looked instanceof Failure)
      process.stderr.write(`${fitted(printable(looked.message, 400), process.stderr)}\n`);
    else if (flags.json === true) process.stdout.write(`${jsonText(lookJson(looked))}\n`);
    else process.stdout.write(`${index === 0 ? '' : '\n'}${fitted(lookText(looked))}\n`);
    if (flags.json !== true && !(looked instanceof Failure) && index === sources.length - 1)
      process.stdout.write(`\n${fitted(nextText(files, flags, looked))}\n`);
  }
}

function nextText(
  files: readonly string[],
  flags: LookFlags,
  { answers, pairs, questions, mapping, kept }: Looked,
): string {
  if (questions === 0) return 'Nothing of it can be asked.';
  const same = ['millrace run', ...files.map(typed), ...flagTexts(flags)].join(' ');
  const asksForChoice =
    answers > 0 &&
    flags.from === undefined &&
    flags.reference === undefined &&
    !(mapping?.shape.own === true && mapping.map.length === 0);
  return asksForChoice
    ? [
        `Next: ${same} --from ${pairs > 0 ? 'pair' : 'answer'}`,
        `  (judges the ${pairs > 0 ? 'pairs' : 'answers'}, keeps the good ones and mends the rest)`,
        `  or: ${same} --from question`,
        '  (writes new answers, and keeps these beside them)',
      ].join('\n')
    : [`Next: ${same}`, ...judgingText(same, flags, kept)].join('\n');
}

/** Among our own names an answer is a field like any other until somebody says what it is for. */
function judgingText(
  same: string,
  { from, reference }: LookFlags,
  kept: readonly string[],
): readonly string[] {
  if (from !== undefined || reference !== undefined || !kept.includes('answer')) return [];
  return [
    `  or: ${same} --from answer`,
    '  (judges what stands in answer, keeps what is good and mends the rest)',
  ];
}

/** The flags that a run needs too. */
function flagTexts({ map = [], from, as, reference, separator, encoding }: LookFlags): readonly string[] {
  const single = Object.entries({ from, as, reference, separator, encoding });
  return [
    ...map.map((each) => `--map ${typed(each)}`),
    ...single.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${typed(value)}`])),
  ];
}

/** As a shell takes it. */
function typed(text: string): string {
  if (/^[\w./,=+:@%-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replace(/["\\$`]/g, '\\$&')}"` : `'${text}'`;
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
