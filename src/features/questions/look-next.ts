import type { Command } from 'commander';
import type { Looked } from './look.ts';

/** What `look` is asked that no run is. */
const OF_LOOK_ALONE: readonly string[] = ['json', 'verbose'];

/** What a person typed: the files, and the flags that a run needs too, as one writes them. */
export type Typed = Readonly<{
  files: readonly string[];
  flags: readonly string[];
  /** Somebody has said what answers are for. */
  chosen: boolean;
}>;

/** The command that works what was looked at, or what there is to choose from. */
export function nextText(asked: Typed, { answers, pairs, questions, mapping, kept }: Looked): string {
  if (questions === 0) return 'Nothing of it can be asked.';
  const same = ['millrace run', ...asked.files.map(typed), ...asked.flags].join(' ');
  const asksForChoice =
    answers > 0 && !asked.chosen && !(mapping?.shape.own === true && mapping.map.length === 0);
  return asksForChoice
    ? [
        `Next: ${same} --from ${pairs > 0 ? 'pair' : 'answer'}`,
        `  (judges the ${pairs > 0 ? 'pairs' : 'answers'}, keeps the good ones and mends the rest)`,
        `  or: ${same} --from question`,
        '  (writes new answers, and keeps these beside them)',
      ].join('\n')
    : [`Next: ${same}`, ...judgingText(same, asked, kept)].join('\n');
}

/** Among our own names an answer is a field like any other until somebody says what it is for. */
function judgingText(same: string, { chosen }: Typed, kept: readonly string[]): readonly string[] {
  if (chosen || !kept.includes('answer')) return [];
  return [
    `  or: ${same} --from answer`,
    '  (judges what stands in answer, keeps what is good and mends the rest)',
  ];
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
