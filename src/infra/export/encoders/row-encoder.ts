import { type LineShape, ruleOf } from '../../../stages/formats/format.ts';
import { type ExportFormat, formatNamed } from '../../../stages/formats/index.ts';
import { recordSchema } from '../../../stages/formats/record.ts';
import type { ExportRow, FileType, RowEncoder } from './encoder.ts';

/** The encoder of a file of lines of one shape. Parquet takes its columns from the format's rule for the shape. */
export async function rowEncoder(
  fileType: FileType,
  format: ExportFormat,
  shape: LineShape | 'record' | undefined,
): Promise<RowEncoder> {
  if (fileType === 'jsonl') return new JsonlEncoder();
  // Not loaded for JSONL.
  const { ParquetEncoder } = await import('./parquet-encoder.ts');
  const rule = ruleOf(formatNamed(format), shape === 'record' ? undefined : shape);
  return new ParquetEncoder(rule ?? recordSchema);
}

const CHUNK_CHARACTERS = 256 * 1024;

/** One line a row: https://jsonlines.org */
class JsonlEncoder implements RowEncoder {
  #pending = '';

  add({ line }: ExportRow): Uint8Array | undefined {
    this.#pending += `${line}\n`;
    return this.#pending.length < CHUNK_CHARACTERS ? undefined : this.end();
  }

  end(): Uint8Array {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    return bytes;
  }
}
