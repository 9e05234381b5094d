import { join, parse } from 'node:path';
import { writeAxolotlBlock } from '../../infra/export/axolotl-block.ts';
import { standingDataset, writeDatasetCard } from '../../infra/export/dataset-card.ts';
import { type ExportedExample, type WrittenDataset, writeDataset } from '../../infra/export/dataset-file.ts';
import { assertDatasetInfo, updateDatasetInfo } from '../../infra/export/dataset-info.ts';
import { cardPathOf, type Place } from '../../infra/export/dataset-path.ts';
import { removeEarlierFiles } from '../../infra/export/earlier-files.ts';
import type { FileType } from '../../infra/export/encoder.ts';
import type { ExportFormat } from '../../stages/formats/index.ts';
import type { Split } from '../../stages/split.ts';

/** Where a dataset goes, and as what. */
export type Destination = Readonly<{
  /** A file, or with `split` a directory. */
  out: string;
  format: ExportFormat;
  fileType: FileType;
  split?: Split | undefined;
  simulated: boolean;
  license?: string | undefined;
  /** Leaves an earlier dataset as it is where there is no line to write. */
  keepEarlier?: boolean | undefined;
}>;

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
  /** Nothing was written: there was no line, and an earlier dataset stands. */
  kept: boolean;
}>;

/** There is no line to put in the place of an earlier dataset. */
class EarlierStands extends Error {
  readonly dataset: WrittenDataset;

  constructor(dataset: WrittenDataset) {
    super('an earlier dataset stands');
    this.dataset = dataset;
  }
}

/**
 * Writes the dataset with its card and what trainers need to find it, in place of what stood there. A simulated dataset
 * never replaces a real one.
 * @param check looks at the dataset before anything is replaced.
 */
export async function writeExport(
  examples: AsyncIterable<ExportedExample>,
  destination: Destination,
  check?: (dataset: WrittenDataset) => Promise<void>,
): Promise<Exported> {
  const { format, fileType, split, license, keepEarlier = false } = destination;
  const out = await placeFor(destination);
  const checked = async (dataset: WrittenDataset) => {
    if (keepEarlier && dataset.written === 0 && (await standingDataset(dataset.place)) !== 'absent')
      throw new EarlierStands(dataset);
    await assertDatasetInfo(dataset);
    await check?.(dataset);
  };
  const insteadOf = out === destination.out ? undefined : destination.out;
  const written = await writeDataset({ examples, out, format, fileType, split, check: checked }).catch(
    (error: unknown) => {
      if (error instanceof EarlierStands) return error;
      throw error;
    },
  );
  if (written instanceof EarlierStands) {
    const { dataset } = written;
    const none = { info: undefined, axolotl: undefined, removed: [] };
    return Object.assign(none, { dataset, card: cardPathOf(dataset.place), insteadOf, kept: true });
  }
  const dataset = written;
  const earlier = await removeEarlierFiles(dataset);
  const card = await writeDatasetCard(dataset, { license, createdAt: new Date() });
  const info = await updateDatasetInfo(dataset);
  const axolotl = await writeAxolotlBlock(dataset);
  const removed = earlier.filter((path) => path !== axolotl?.path);
  return { dataset, card, info, axolotl, insteadOf, removed, kept: false };
}

async function placeFor({ out, simulated, split }: Destination): Promise<string> {
  const place: Place = { kind: split === undefined ? 'file' : 'directory', path: out };
  if (!simulated || (await standingDataset(place)) !== 'real') return out;
  return simulatedPathOf(out);
}

/** Where a simulated dataset goes if a real one stands in its place. */
export function simulatedPathOf(out: string): string {
  const { dir, name, ext } = parse(out);
  return join(dir, `${name}.simulated${ext}`);
}
