import type { ExportedLine } from '../../../stages/formats/export-line.ts';

/** What a dataset can be written as. */
export const FILE_TYPES = ['jsonl', 'parquet'] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** A line as it goes into a file. */
export type ExportRow = Pick<Extract<ExportedLine, { kind: 'line' }>, 'line' | 'value'>;

/** Makes the bytes of a file from its rows, in memory that does not grow with them. */
export interface RowEncoder {
  /** Takes a row; answers bytes where enough have come together. */
  add(row: ExportRow): Uint8Array | undefined;
  /** What is left. Nothing may be added afterwards. */
  end(): Uint8Array;
}
