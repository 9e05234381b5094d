import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { alignedColumns, count } from '../../infra/terminal/format.ts';
import { printAll } from '../../infra/terminal/print.ts';
import type { DeadLetterCount, DeadLetterQuery } from '../../stages/store/dead-letter-repository.ts';
import type { StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import { sameData, sameFlags, sentAgainFrom } from '../run/place-flags.ts';
import { type OpenData, openData } from '../run/session/open-data.ts';
import { deadLetterTable, deadLetterText } from './dead-letter-text.ts';
import { addFilters, deadLetterQueryOfFlags, type FilterFlags, filterNames } from './filters.ts';

type ShowFlags = Readonly<{ json?: boolean }>;
type ListFlags = FilterFlags & ShowFlags & Readonly<{ closed?: boolean }>;

const ALL_LIVES = ['open', 'redriving', 'sent', 'closed'] as const;

/** `millrace dead-letters`: what failed, why, and what the model said. */
export function deadLettersCommand(): Command {
  const list = dataCommand('list', 'dead letters, the oldest first (the default)')
    .argument('[id]', 'the same as: show ID')
    .option('--closed', 'those that came to a good end as well');
  const show = dataCommand(
    'show',
    'everything about one: record, headers, every attempt and raw reply',
  ).argument('<id>', 'beginning of a dead letter’s or of a question’s id');
  const stats = dataCommand('stats', 'how many of which stage and class, the first and the last');
  addFilters(list).action((id: string | undefined, flags: ListFlags) =>
    withData(list, (data) => (id === undefined ? listed(data, flags) : shown(data, id, flags))),
  );
  show.action((id: string, flags: ShowFlags) => withData(show, (data) => shown(data, id, flags)));
  addFilters(stats).action((flags: FilterFlags & ShowFlags) =>
    withData(stats, (data) => counted(data, flags)),
  );
  return new Command('dead-letters')
    .description('Lists the records that failed for good, and why. Works beside a run.')
    .addHelpText('after', EXAMPLES)
    .addCommand(list.exitOverride(), { isDefault: true })
    .addCommand(show.exitOverride())
    .addCommand(stats.exitOverride());
}

const EXAMPLES = `
Examples:
  $ millrace dead-letters
  $ millrace dead-letters list --stage review --class refused --since 2h
  $ millrace dead-letters show 3fa2
  $ millrace dead-letters stats --json
  $ millrace redrive --class transient            send them again`;

function dataCommand(name: string, description: string): Command {
  return addDataFlags(new Command(name).description(description)).option('--json', 'as JSON lines');
}

async function withData(command: Command, act: (data: OpenData) => Promise<void>): Promise<void> {
  await using data = await openData(await settingsOf(command));
  await act(data);
}

async function listed(data: OpenData, flags: ListFlags): Promise<void> {
  const query = { ...deadLetterQueryOfFlags(flags), ...(flags.closed === true ? { lives: ALL_LIVES } : {}) };
  const deadLetters = await deadLettersOf(data, query);
  printAll(flags, deadLetters.map(plain), () =>
    deadLetters.length === 0
      ? NONE
      : [
          deadLetterTable(deadLetters),
          '',
          `More of one: millrace dead-letters show ID${sameData()}`,
          `Send them again: millrace redrive${sameFlags(filterNames())}${sentAgainFrom()}`,
        ].join('\n'),
  );
}

async function shown(data: OpenData, id: string, flags: ShowFlags): Promise<void> {
  const deadLetters = await deadLettersOf(data, { id, lives: ALL_LIVES });
  printAll(flags, deadLetters.map(plain), () =>
    deadLetters.length === 0
      ? `No dead letter begins with ${id}.`
      : deadLetters.map((each) => deadLetterText(each, sentAgainFrom())).join('\n\n'),
  );
}

async function counted({ engine }: OpenData, flags: FilterFlags & ShowFlags): Promise<void> {
  const counts = await engine.store.deadLetters.stats(deadLetterQueryOfFlags(flags));
  printAll(flags, counts, () => (counts.length === 0 ? NONE : countsTable(counts)));
}

const NONE = 'No dead letters.';

function countsTable(counts: readonly DeadLetterCount[]): string {
  const rows = counts.map(({ stage, kind, code, count: deadLetters, firstAt, lastAt }) => [
    ...[stage, `${kind}/${code}`, count(deadLetters), firstAt.slice(0, 19), lastAt.slice(0, 19)],
  ]);
  return alignedColumns([['stage', 'class', 'dead letters', 'first death', 'last death'], ...rows]);
}

async function deadLettersOf(
  { engine }: OpenData,
  query: DeadLetterQuery,
): Promise<readonly StoredDeadLetter[]> {
  const deadLetters: StoredDeadLetter[] = [];
  for await (const deadLetter of engine.store.deadLetters.list(query)) deadLetters.push(deadLetter);
  return deadLetters;
}

/** As JSON has it. */
function plain({ value, offset, ...deadLetter }: StoredDeadLetter): object {
  const original = value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
  return { ...deadLetter, offset: offset.toString(), value: original };
}
