import type { z } from 'zod';
import type { LineShape } from '../../../stages/formats/format.ts';
import { type ExportFormat, formats, recordSchema } from '../../../stages/formats/index.ts';
import type { FileType, RowEncoder } from './encoder.ts';
import { JsonlEncoder } from './jsonl-encoder.ts';

/** The encoder of a file of lines of one shape. Parquet takes its columns from the format's rule for the shape. */
export async function rowEncoder(
  fileType: FileType,
  format: ExportFormat,
  shape: LineShape | 'record' | undefined,
): Promise<RowEncoder> {
  if (fileType === 'jsonl') return new JsonlEncoder();
  // Whoever writes JSONL need not load it.
  const { ParquetEncoder } = await import('./parquet-encoder.ts');
  return new ParquetEncoder(ruleOf(format, shape));
}

/** A file without lines has the columns of the format's first shape. */
function ruleOf(format: ExportFormat, shape: LineShape | 'record' | undefined): z.ZodType<unknown> {
  if (format === 'record') return recordSchema;
  const { shapes } = formats[format];
  const known = shape === undefined || shape === 'record' ? undefined : shapes[shape];
  return (known ?? shapes.answers ?? shapes.preferences ?? shapes.labels)?.rule ?? recordSchema;
}
