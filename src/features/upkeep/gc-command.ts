import { Command, InvalidArgumentError, Option } from 'commander';
import { addDeletingFlags, type DeletingFlags } from '../../infra/config/flags/flags.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { plural, printableJson } from '../../infra/terminal/format.ts';
import { print } from '../../infra/terminal/print.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { confirmed, openForDeleting } from './deleting.ts';
import { type GcPlan, gc, planGc } from './gc.ts';

type GcFlags = DeletingFlags &
  Readonly<{ olderThan: number; lane?: LaneName; records?: true; steps?: number; lookUps?: number }>;

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `millrace gc`: takes out what is old and settled. */
export function gcCommand(): Command {
  const command = new Command('gc')
    .description(
      'Deletes what is old and settled: finished lanes other than main, closed dead letters, expired look-ups, consumer groups of finished replays, and journals that were set aside as damaged. With --records also records that every reader is past, and what the ledger still holds of forgotten questions; with --steps also the research steps of settled questions. Never deletes what an open question, dead letter or replay needs. The lane of a shadow judge, with its verdicts, goes only if --lane names it and no worker runs that judge. Works beside a run.',
    )
    .addOption(
      new Option('--older-than <time>', 'keep what has changed since then: 30d, 12h, 45m')
        .argParser(age)
        .default(30 * 86_400_000, '30d'),
    )
    .option('--lane <name>', 'this lane and nothing else')
    .option('--records', 'also delete records of the topics: they cannot be replayed or redone then')
    .addOption(
      new Option(
        '--steps <time>',
        'also delete steps of questions that ended longer ago than this: results stay, but show --steps and the story lose turns and look-ups',
      )
        .argParser(age)
        .conflicts('lane'),
    )
    .addOption(
      new Option(
        '--look-ups <time>',
        'also delete stored look-ups older than this, though they could still be used: they are made again when needed',
      )
        .argParser(age)
        .conflicts('lane'),
    );
  return addDeletingFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace gc --dry-run\n  $ millrace gc --older-than 90d --records --yes\n  $ millrace gc --steps 90d --look-ups 30d --dry-run\n  $ millrace gc --lane redo-review-1f00aa41 --older-than 1h\n  $ millrace gc --lane shadow-strict',
    )
    .action((flags: GcFlags) => collect(flags, command));
}

async function collect(flags: GcFlags, command: Command): Promise<void> {
  const place = await openForDeleting(command);
  const { namespace, settings } = place;
  await using engine = place.engine;
  const options = {
    data: settings.data,
    before: ago(flags.olderThan),
    lane: flags.lane,
    records: flags.records === true,
    stepsBefore: flags.steps === undefined ? undefined : ago(flags.steps),
    lookUpsBefore: flags.lookUps === undefined ? undefined : ago(flags.lookUps),
  };
  const plan = await planGc(engine, namespace, options);
  if (flags.json !== true) print(fitted(planText(plan, namespace)));
  const dry = flags.dryRun === true || isEmpty(plan);
  if (!dry && !(await confirmed('Delete this for good?', flags))) return;
  if (!dry) await gc(engine, plan, options);
  if (flags.json === true) print(asJson(plan, namespace, !dry));
  else if (!dry) print('Done.');
}

function isEmpty({ ledger, notes: _, ...found }: GcPlan): boolean {
  const isNothing = (each: number | readonly unknown[]) =>
    (typeof each === 'number' ? each : each.length) === 0;
  return ledger === undefined && Object.values(found).every(isNothing);
}

function planText(plan: GcPlan, namespace: string): string {
  const { lanes, shadows, closedDeadLetters, steps, lookUps } = plan;
  const { groups, records, ledger, journals, journalNotes, notes } = plan;
  const lines = [
    ...lanes.map(({ name, questions }) => `lane ${name}, with ${plural(questions, 'question')}`),
    ...shadows.map(({ name, group }) => `shadow judge ${name}, with all that it said and its group ${group}`),
    ...(closedDeadLetters === 0 ? [] : [plural(closedDeadLetters, 'closed dead letter')]),
    ...(steps === 0 ? [] : [`the steps of ${plural(steps, 'settled question')}, whose results stay`]),
    ...(lookUps === 0 ? [] : [`${plural(lookUps, 'old look-up')}`]),
    ...groups.map((group) => `group ${group} of a replay that is over`),
    ...records.map(({ topic, count: n }) => `${plural(n, 'record')} of ${topic}`),
    ...(ledger === undefined
      ? []
      : [`${plural(ledger.count, 'record')} of forgotten questions on ${ledger.topic}, of any age`]),
    ...journalNotes.map(
      ({ host, directory }) => `the note of a journal that waits in ${directory} on ${host}`,
    ),
    ...journals.map(({ path, bytes }) => `${path}, a journal that cannot all be read, with ${bytes} bytes`),
  ];
  const head =
    lines.length === 0 ? `Nothing in ${namespace} is old and settled.` : `Old and settled in ${namespace}:`;
  return [head, ...lines.map((line) => `  ${line}`), ...notes].join('\n');
}

function asJson({ records, ledger, ...plan }: GcPlan, namespace: string, done: boolean): string {
  const counts = records.map(({ topic, count: n }) => ({ topic, count: n }));
  return printableJson({ namespace, ...plan, records: counts, forgottenOnLedger: ledger?.count ?? 0, done });
}

const ago = (ms: number) => new Date(Date.now() - ms);

function age(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (number === undefined || unitMs === undefined)
    throw new InvalidArgumentError(`Expected a time such as 30d, 12h or 45m, got ${text}.`);
  return Number(number) * unitMs;
}
