import { basename } from 'node:path';
import type { TextTally } from '../../infra/export/card/tally.ts';
import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import type { Manifest, VersionRequest } from '../../stages/dataset/dataset-version.ts';
import type { SplitName } from '../../stages/dataset/split.ts';
import { offsetPairs } from '../../stages/lanes/offsets.ts';
import type { Offset } from '../../streams/log/log.ts';

/** What is known of a version beside its files. */
export type VersionFacts = Readonly<{
  name: string;
  createdAt: string;
  tool: string;
  request: VersionRequest;
  topic: string;
  until: ReadonlyMap<number, Offset>;
  retracted: number;
}>;

export function manifestOf(dataset: WrittenDataset, facts: VersionFacts): Manifest {
  const { name, createdAt, tool, request, topic, until, retracted } = facts;
  const { statistics, files, written, skipped } = dataset;
  return {
    ...{ v: 1, name, createdAt, tool, wish: request, retracted },
    ledger: { topic, offsets: offsetPairs(until) },
    files: files.map(({ path, part, lines, bytes, sha256 }) => ({
      name: basename(path),
      ...(part === undefined ? {} : { part }),
      ...{ lines, bytes, sha256 },
    })),
    examples: statistics.examples,
    lines: written,
    simulated: statistics.simulated,
    leftOut: Object.fromEntries(skipped),
    trainingTypes: countsOf(statistics.trainingTypes),
    recipes: statistics.works.rows.map(({ labels: [stage = '', model = '', recipe = ''], count }) => ({
      ...{ stage, model, recipe },
      works: count,
    })),
    usage: statistics.usage,
    costUsd: statistics.costUsd,
    unpriced: statistics.unpriced,
  };
}

type Hashed = Readonly<{ files: readonly Readonly<{ part?: SplitName | undefined; sha256: string }>[] }>;

/** Whether two versions hold the same bytes, wherever their files lie. */
export function sameFiles(a: Hashed, b: Hashed): boolean {
  const hashes = ({ files }: Hashed) => files.map(({ part, sha256 }) => `${part} ${sha256}`);
  return hashes(a).join('\n') === hashes(b).join('\n');
}

function countsOf(tally: TextTally): Readonly<Record<string, number>> {
  return Object.fromEntries(tally.rows.map(({ labels, count }) => [labels.join('/'), count]));
}
