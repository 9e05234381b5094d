import type { FileType } from '../../../infra/export/encoders/encoder.ts';
import type { VersionRequest } from '../../../stages/dataset/dataset-version.ts';
import { type ExampleFilter, isMeant } from '../../../stages/dataset/example-filter.ts';
import { partOf, type Split, type SplitName } from '../../../stages/dataset/split.ts';
import type { Example } from '../../../stages/example.ts';
import type { ExportFormat } from '../../../stages/formats/index.ts';
import type { Offset } from '../../../streams/log/log.ts';
import type { LaneName } from '../../../streams/work/work.ts';

/** One file of a dataset, with nothing about it left open. */
export type WantedDataset = Readonly<{
  /** The file's, with its ending. */
  name: string;
  lane: LaneName;
  filter: ExampleFilter;
  part: Readonly<{ of: Split; name: SplitName }> | undefined;
  format: ExportFormat;
  fileType: FileType;
  /** What of the ledger it is made from. Without: from what the store holds now. */
  ledger: Readonly<{ until: ReadonlyMap<number, Offset>; since: VersionRequest['since'] }> | undefined;
  /** What it has to be the same as, to the byte. */
  same: Readonly<{ version: string; sha256: string }> | undefined;
}>;

/** The words as a name that every file system takes. */
export function fileNameOf(words: readonly (string | undefined)[], fileType: FileType): string {
  const given = words.filter((word) => word !== undefined).join('-');
  return `${given.replace(/[^\w.-]/g, '-')}.${fileType}`;
}

/** Whether the example stands in the file. */
export function isWanted(
  { filter, part }: Pick<WantedDataset, 'filter' | 'part'>,
  example: Example,
): boolean {
  if (part !== undefined && partOf(part.of, example.questionId) !== part.name) return false;
  return isMeant(filter, example);
}
