import { stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { writeAxolotlBlock } from '../../infra/export/card/axolotl-block.ts';
import {
  type DatasetCardOptions,
  existingDataset,
  writeDatasetCard,
} from '../../infra/export/card/dataset-card.ts';
import { assertDatasetInfo, updateDatasetInfo } from '../../infra/export/card/dataset-info.ts';
import { type ExportedExample, type WrittenDataset, writeDataset } from '../../infra/export/dataset-file.ts';
import { cardPathOf, type OutPlace } from '../../infra/export/dataset-path.ts';
import { removeEarlierFiles } from '../../infra/export/earlier-files.ts';
import { type Sizes, sizesOf } from '../../infra/export/earlier-size.ts';
import type { FileType } from '../../infra/export/encoders/encoder.ts';
import { unlessAbsent } from '../../infra/files/file-failure.ts';
import type { Origin } from '../../infra/input/sources/hub/origins.ts';
import { languageCode } from '../../stages/agent/prompt-language.ts';
import type { Split, SplitBy } from '../../stages/dataset/split.ts';
import type { ExportFormat } from '../../stages/formats/index.ts';

/** Where a dataset goes, and as what. */
export type Destination = Readonly<{
  /** A file, or with `split` a directory. */
  out: string;
  format: ExportFormat;
  fileType: FileType;
  split?: Split | undefined;
  /** What stays together in one part, besides the lines of a question. */
  splitBy?: SplitBy | undefined;
  simulated: boolean;
  license?: string | undefined;
  /** Data sets of others that the questions come from; left out: as the card that stands there says. */
  origins?: readonly Origin[] | undefined;
  /** The language that is written, where one was chosen. */
  language?: string | undefined;
  /** It is of a run that was stopped: an earlier dataset that is larger stays. */
  stopped?: boolean | undefined;
}>;

/** Why an earlier dataset stands: there was no line to write, or none for `train` where it has some, or a run was stopped that has fewer than it. */
export type Kept =
  | Readonly<{ why: 'no line' }>
  | Readonly<{ why: 'empty train' }>
  | (Readonly<{ why: 'stopped' }> & Sizes);

export type Exported = Readonly<{
  dataset: WrittenDataset;
  card: string;
  /** `dataset_info.json`, where the dataset stands in it: LLaMA-Factory can read the format, and there are lines. */
  info: string | undefined;
  /** The block for Axolotl's configuration, where it was written. */
  axolotl: Readonly<{ path: string; text: string }> | undefined;
  /** Set where the wanted files hold real data that a simulated run must not replace. */
  insteadOf: string | undefined;
  /** Files of the earlier export that are gone: they are no part of this one, or describe it no longer. */
  removed: readonly string[];
  /** Nothing was written: an earlier dataset stands. */
  kept: Kept | undefined;
}>;

/** What would be put in the place of an earlier dataset is less than it. */
class EarlierStands extends Error {
  readonly dataset: WrittenDataset;
  readonly kept: Kept;

  constructor(dataset: WrittenDataset, kept: Kept) {
    super('an earlier dataset stands');
    this.dataset = dataset;
    this.kept = kept;
  }
}

/**
 * Writes the dataset with its card and what trainers need to find it, in place of what stood there. A simulated dataset
 * never replaces a real one, one without a line none at all, and one of a run that was stopped none that is larger.
 * @param check looks at the dataset before anything is replaced.
 */
export async function writeExport(
  examples: AsyncIterable<ExportedExample>,
  destination: Destination,
  check?: (dataset: WrittenDataset) => Promise<void>,
): Promise<Exported> {
  const { format, fileType, split, splitBy } = destination;
  const out = await placeFor(destination);
  const checked = async (dataset: WrittenDataset) => {
    const kept = await keptBefore(dataset, destination);
    if (kept !== undefined) throw new EarlierStands(dataset, kept);
    await assertDatasetInfo(dataset);
    await check?.(dataset);
  };
  const insteadOf = out === destination.out ? undefined : destination.out;
  const wanted = { examples, out, format, fileType, split, splitBy, check: checked };
  const written = await writeDataset(wanted).catch((error: unknown) => {
    if (error instanceof EarlierStands) return error;
    throw error;
  });
  if (written instanceof EarlierStands) {
    const { dataset, kept } = written;
    const none = { info: undefined, axolotl: undefined, removed: [] };
    return Object.assign(none, { dataset, card: cardPathOf(dataset.place), insteadOf, kept });
  }
  const dataset = written;
  const earlier = await removeEarlierFiles(dataset);
  const card = await writeDatasetCard(dataset, cardOptionsOf(destination));
  const info = await updateDatasetInfo(dataset);
  const axolotl = await writeAxolotlBlock(dataset);
  const removed = earlier.filter((path) => path !== axolotl?.path);
  return { dataset, card, info, axolotl, insteadOf, removed, kept: undefined };
}

function cardOptionsOf({ license, language, origins }: Destination): DatasetCardOptions {
  const code = language === undefined ? undefined : languageCode(language);
  return { license, languages: code === undefined ? undefined : [code], origins, createdAt: new Date() };
}

async function keptBefore(
  dataset: WrittenDataset,
  { stopped = false, simulated }: Destination,
): Promise<Kept | undefined> {
  if (await emptiesTrain(dataset)) return { why: 'empty train' };
  if (dataset.written > 0 && !stopped) return undefined;
  const earlier = await existingDataset(dataset.place);
  if (earlier === 'absent') return undefined;
  if (dataset.written === 0) return { why: 'no line' };
  // Invented examples are nothing to lose.
  if (earlier === 'simulated' && !simulated) return undefined;
  const sizes = await sizesOf(dataset);
  return sizes.made < sizes.existing ? { why: 'stopped', ...sizes } : undefined;
}

/** Whether a part `train` with lines would be replaced by one without. */
async function emptiesTrain({ files, written }: WrittenDataset): Promise<boolean> {
  const train = files.find(({ part }) => part === 'train');
  if (written === 0 || train === undefined || train.lines > 0) return false;
  const existing = await unlessAbsent(stat(train.path));
  return existing !== undefined && existing.size > 0;
}

async function placeFor({ out, simulated, split }: Destination): Promise<string> {
  const place: OutPlace = { kind: split === undefined ? 'file' : 'directory', path: out };
  if (!simulated || (await existingDataset(place)) !== 'real') return out;
  return simulatedPathOf(out);
}

/** Where a simulated dataset goes if a real one stands in its place. */
export function simulatedPathOf(out: string): string {
  const { dir, name, ext } = parse(out);
  return join(dir, `${name}.simulated${ext}`);
}
