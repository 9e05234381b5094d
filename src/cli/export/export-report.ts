import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import type { LedgerExport } from '../../runs/dataset/export-version.ts';
import type { Exported } from '../../runs/dataset/write-export.ts';
import { count, plural } from '../format.ts';
import { SIMULATED_NOTE } from '../open-data.ts';

const ADVICE: Readonly<Record<string, string>> = {
  'has marks of chat templates':
    ' (<image>, </s>, <think> …), which some trainers obey; --skip-marks leaves them out',
  'has unseen letters': ', which models read; --skip-marks leaves them out',
};

/** What an export came to, as a person reads it. */
export function exportReport(exported: Exported, simulated: boolean): readonly string[] {
  const { dataset, card, info, axolotl, insteadOf, removed } = exported;
  const { files, skipped } = dataset;
  return [
    ...(simulated ? [SIMULATED_NOTE] : []),
    `${contentsOf(dataset)}, described in ${card}`,
    ...(files.length === 1 ? [] : files.map(({ path, lines }) => `  ${count(lines)} in ${path}`)),
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
    ...[...skipped].map(([reason, n]) => `${count(n)} left out: ${reason}`),
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
