import type { ExampleFilter } from '../../../stages/example-filter.ts';
import type { ExportFormat } from '../../../stages/formats/index.ts';
import type { LaneName } from '../../../streams/work.ts';
import type { FileType } from '../../export/encoder.ts';

export type DownloadQuery = Readonly<{
  lane: LaneName;
  format: ExportFormat;
  fileType: FileType;
  filter: ExampleFilter;
}>;

/** The bytes of an exported file, piece by piece, in memory that does not grow with it. */
export type DatasetBytes = (query: DownloadQuery) => AsyncIterable<Uint8Array>;
