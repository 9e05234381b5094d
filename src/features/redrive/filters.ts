import { Command, InvalidArgumentError, Option } from 'commander';
import { stageFlag } from '../../infra/config/flags/stage-flag.ts';
import { workedNames } from '../../stages/stage-names.ts';
import type { DeadLetterQuery } from '../../stages/store/dead-letter-repository.ts';

export type FilterFlags = Readonly<{
  stage?: string;
  class?: readonly string[];
  since?: string;
  question?: string;
  lane?: string;
}>;

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Which dead letters a command is about. */
export function addFilters(command: Command): Command {
  return command
    .addOption(
      new Option('--stage <name>', 'died in this stage')
        .choices(workedNames())
        .argParser((text: string) => stageFlag(workedNames(), text)),
    )
    .option(
      '--class <list>',
      'kinds or codes of failures: content, poison, refused, truncated, rate_limited …',
      (text: string) => text.split(',').map((name) => name.trim()),
    )
    .option('--since <when>', 'died since then: 2h, 3d, or 2026-01-31T12:00:00Z', moment)
    .option('--question <id>', 'beginning of a question’s or of a dead letter’s id')
    .option('--lane <name>', 'one pass over the questions (default: all)');
}

/** The names of these flags. */
export function filterNames(): readonly string[] {
  return addFilters(new Command()).options.flatMap(({ long }) => long ?? []);
}

export function deadLetterQueryOfFlags({
  stage,
  class: classes,
  since,
  question: id,
  lane,
}: FilterFlags): DeadLetterQuery {
  return { stage, classes, since, id, lane };
}

function moment(text: string): string {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const atMs = amount === undefined ? Date.parse(text) : Date.now() - Number(amount) * (UNIT_MS[unit] ?? 0);
  if (!Number.isFinite(atMs)) throw new InvalidArgumentError(`Expected 2h, 3d or a date, got ${text}.`);
  return new Date(atMs).toISOString();
}
