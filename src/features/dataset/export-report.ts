import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { count, plural } from '../../infra/terminal/format.ts';
import { type ExportFormat, formatNamed } from '../../stages/formats/index.ts';
import type { ContextTurn } from '../../stages/formats/turn.ts';
import { SIMULATED_NOTE } from '../run/session/open-data.ts';
import type { LedgerExport } from './export-version.ts';
import { leftOutText, lostText } from './left-out-text.ts';
import type { Exported, Kept } from './write-export.ts';

const ADVICE: Readonly<Record<string, string>> = {
  'has marks of chat templates':
    ' (<image>, </s>, <think> …), which some trainers obey; --skip-marks leaves them out',
  'has unseen letters': ', which models read; --skip-marks leaves them out',
};

/** Whether the exit code has to say that no example was written. */
export function isWithoutExample({ dataset, kept }: Pick<Exported, 'dataset' | 'kept'>): boolean {
  return kept !== undefined || dataset.written === 0;
}

/** What an export came to, as a person reads it. */
export function exportReport(exported: Exported, simulated: boolean): readonly string[] {
  const { dataset, card, info, axolotl, insteadOf, removed, kept } = exported;
  const { files } = dataset;
  const leftOut = leftOutText(dataset);
  if (kept !== undefined)
    return [...(simulated ? [SIMULATED_NOTE] : []), ...keptFilesText(dataset, kept), ...leftOut];
  return [
    ...(simulated ? [SIMULATED_NOTE] : []),
    `${contentsOf(dataset)}, described in ${card}`,
    ...(isWithoutExample(exported) ? ['No example to write, so the exit code is 6.'] : []),
    ...lostText(dataset),
    ...(files.length === 1 ? [] : files.map(({ path, lines }) => `  ${count(lines)} in ${path}`)),
    ...emptyParts(dataset),
    ...removed.map(removalOf),
    ...(info === undefined ? [] : [`LLaMA-Factory finds it through ${info}`]),
    ...(axolotl === undefined
      ? []
      : [`Axolotl reads it by ${axolotl.path}:`, '', axolotl.text.trimEnd(), '']),
    ...(insteadOf === undefined
      ? []
      : [`${insteadOf} holds real data, which a simulated export does not replace.`]),
    ...dataset.statistics.suspicions.rows.map(
      ({ labels, count: n }) =>
        `Worth a look: ${plural(n, 'example')}: ${labels.join()}${ADVICE[labels.join()] ?? ''}`,
    ),
    ...leftOut,
  ];
}

/** That scores decided as they stand, and what came of it. */
export function scoreReport(
  { minScore, rejected }: Readonly<{ minScore?: number; rejected?: boolean }>,
  { passing }: Readonly<{ passing: number }>,
): readonly string[] {
  if (minScore === undefined || rejected === true) return [];
  const decided = `The stored scores decide what reaches ${minScore}: no model was asked.`;
  if (passing === 0) return [decided];
  return [`${decided} ${plural(passing, 'example')} of it had been rejected by the threshold of a run.`];
}

/** That a flag for the source of a question changes nothing in formats with a place of its own for it. */
export function contextTurnReport(
  contextTurn: ContextTurn | undefined,
  format: ExportFormat,
): readonly string[] {
  if (contextTurn !== 'before' || formatNamed(format).whole === undefined) return [];
  return [`--context-turn before changes nothing in ${format}, which has places of its own for the source.`];
}

/** Parts that no example fell into, which is chance where there are few. */
function emptyParts({ files, written }: WrittenDataset): readonly string[] {
  if (written === 0) return [];
  return files
    .filter(({ lines, part }) => lines === 0 && part !== undefined)
    .map(({ path }) => `${path} is empty: parts go by a hash, and nothing fell into it.`)
    .map((text) => `${text} A larger share or more examples will fill it.`);
}

/** That an earlier dataset was left where it is, why, and what to do. */
export function keptFilesText({ place }: Pick<WrittenDataset, 'place'>, kept: Kept): readonly string[] {
  if (kept.why === 'no line')
    return [
      `No example to write: the earlier dataset in ${place.path} is left as it is.`,
      'Remove it, or name another place with --out, where an empty one is wanted.',
    ];
  if (kept.why === 'empty train')
    return [
      `No example for train: the earlier dataset in ${place.path} is left as it is.`,
      'Name another place with --out, or other shares with --split.',
    ];
  const [existing, made] = [kept.existing, kept.made].map((size) => `${count(size)} ${kept.unit}`);
  return [
    `The earlier dataset in ${place.path} (${existing}) is left as it is.`,
    `This run was stopped and has less (${made}): the same command goes on.`,
    'What there is now can be had by: millrace export --out OTHER',
  ];
}

/** How much the dataset holds, and where it is. */
export function contentsOf({ written, statistics, place, format }: WrittenDataset): string {
  const examples = plural(statistics.examples, 'example');
  const what = written === statistics.examples ? examples : `${plural(written, 'line')} of ${examples}`;
  return `${what} in ${place.path} (${format})`;
}

/** That a file is gone. */
export function removalOf(path: string): string {
  return `Removed ${path}, which was of the earlier export`;
}

/** What only an export from the ledger can tell. */
export function ledgerReport({
  manifest,
  manifestPath,
  retracted,
  unreadable,
}: LedgerExport): readonly string[] {
  return [
    ...(retracted > 0 ? [`${count(retracted)} not in it: their approval was taken back`] : []),
    ...(unreadable > 0 ? [`${plural(unreadable, 'record')} of the ledger could not be read`] : []),
    ...(manifest === undefined
      ? []
      : [`This is version ${manifest.name} of ${manifest.createdAt}, as ${manifestPath} says.`]),
  ];
}
