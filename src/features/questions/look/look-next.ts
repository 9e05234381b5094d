import type { Command } from 'commander';
import { likelyMeant } from '../../../infra/input/mapping/recognise.ts';
import { count } from '../../../infra/terminal/format.ts';
import type { Looked } from './look.ts';
import type { Choice } from './look-choices.ts';

/** What `look` is asked that no run is. */
const OF_LOOK_ALONE: readonly string[] = ['json', 'verbose'];

/** The column that tells of each choice. */
const OF_CHOICE = { answer: 'answer', pair: 'chosen' } as const;

/** What a person typed: the files, and the flags that a run needs too, as one writes them. */
export type Typed = Readonly<{
  files: readonly string[];
  flags: readonly string[];
  /** Somebody has said what answers are for. */
  chosen: boolean;
}>;

/** The command that works what was looked at, or what there is to choose from. */
export function nextText(asked: Typed, looked: Looked): string {
  const { answers, questions, mapping, choice } = looked;
  if (questions === 0) return 'Nothing of it can be asked.';
  const same = commandOf(asked, asked.flags);
  const asksForChoice =
    answers > 0 && !asked.chosen && !(mapping?.shape.own === true && mapping.map.length === 0);
  if (!asksForChoice) return [`Next: ${same}`, ...judgingText(asked, looked)].join('\n');
  if (choice === undefined)
    return `Next: ${same} --from question\n  (writes new answers, and keeps these beside them: none of them can be judged)`;
  const { from, reads } = choice;
  const all = `the ${from}s`;
  return [
    `Next: ${judging(asked, choice)}`,
    `  (judges ${reads < answers ? `${count(reads)} of ${all}` : all}, keeps the good ones and mends the rest)`,
    `  or: ${same} --from question`,
    '  (writes new answers, and keeps these beside them)',
  ].join('\n');
}

/** Among our own names an answer is a field like any other until somebody says what it is for. */
function judgingText(asked: Typed, { kept, choice, mapping, shown }: Looked): readonly string[] {
  if (asked.chosen) return [];
  if (choice === undefined && mapping?.shape.own === true && mapping.map.length === 0)
    return likelyText(
      asked,
      kept.filter((name) => shown.some(({ metadata }) => typeof metadata?.[name] === 'string')),
    );
  const place = choice && kept.find((name) => name.toLowerCase() === OF_CHOICE[choice.from]);
  if (choice === undefined || place === undefined) return [];
  return [
    `  or: ${judging(asked, choice)}`,
    `  (judges what stands in ${place}, keeps what is good and mends the rest)`,
  ];
}

/** What stands under another tool's names beside a question of ours is metadata, unless somebody says otherwise. */
function likelyText(asked: Typed, kept: readonly string[]): readonly string[] {
  const map = likelyMeant(kept);
  if (map === undefined) return [];
  const same = `  or: ${commandOf(asked, asked.flags)} --map ${typed(map)}`;
  if (!map.startsWith('answer=')) return [same, '  (what it names is metadata otherwise)'];
  return [
    `${same} --from answer`,
    '  (judges these answers, keeps the good ones and mends the rest;',
    '  otherwise they are metadata)',
  ];
}

function judging(asked: Typed, { from, trainingType }: Choice): string {
  if (trainingType === undefined) return `${commandOf(asked, asked.flags)} --from ${from}`;
  const others = asked.flags.filter((flag) => !flag.startsWith('--training-type '));
  return `${commandOf(asked, others)} --from ${from} --training-type ${trainingType}`;
}

function commandOf({ files }: Typed, flags: readonly string[]): string {
  return ['millrace run', ...files.map(typed), ...flags].join(' ');
}

/** The flags that were typed, each as it is typed again. A run takes all that a look takes, but for how it shows things. */
export function typedFlags(command: Command): readonly string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || OF_LOOK_ALONE.includes(name)) return [];
    const value: unknown = command.getOptionValue(name);
    if (value === true) return [`${option.long}`];
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.map((each) => `${option.long} ${typed(String(each))}`);
  });
}

/** As a shell takes it. */
function typed(text: string): string {
  if (/^[\w./,=+:@%-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replace(/["\\$`]/g, '\\$&')}"` : `'${text}'`;
}
