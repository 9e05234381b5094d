import { createHash, type Hash } from 'node:crypto';
import type { Example } from '../../stages/example.ts';
import type { Asker } from '../../stages/formats/export-line.ts';
import type { LineShape } from '../../stages/formats/format.ts';
import { type ExportFormat, exportLine } from '../../stages/formats/index.ts';
import { DatasetStatistics } from './dataset-statistics.ts';
import { type Append, replaceFile } from './replace-file.ts';

const CHUNK_CHARACTERS = 256 * 1024;

/** An example and, where it is known, who asked. */
export type ExportedExample = Readonly<{ example: Example; submission?: Asker | undefined }>;

/** What came of an export. */
export type WrittenDataset = Readonly<{
  path: string;
  format: ExportFormat;
  /** What its lines are; `undefined` if there are none. */
  shape: LineShape | 'record' | undefined;
  /** Lines in the file. */
  written: number;
  /** How many examples were left out, by reason. */
  skipped: ReadonlyMap<string, number>;
  bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  sha256: string;
  /** Of the examples in the file. */
  statistics: DatasetStatistics;
}>;

/**
 * Writes the examples as JSONL in place of whatever stands at `out`, in constant memory. The old file stands until the
 * new one is complete and safe on disk. Of a format with two shapes of lines the first line decides: a trainer reads
 * either answers or preferences from a file, so examples of the other shape are skipped. Rejects with a fatal Failure
 * that says what to do (`read_only`, `disk_full`, `not_a_file` …), or with whatever `examples` throws.
 */
export async function writeDataset(
  options: Readonly<{ examples: AsyncIterable<ExportedExample>; out: string; format: ExportFormat }>,
): Promise<WrittenDataset> {
  return replaceFile(options.out, async (append) => {
    const writer = new DatasetWriter(options.out, options.format, append);
    for await (const exported of options.examples) await writer.add(exported);
    return writer.finish();
  });
}

class DatasetWriter {
  readonly #path: string;
  readonly #format: ExportFormat;
  readonly #append: Append;
  readonly #hash: Hash = createHash('sha256');
  readonly #statistics = new DatasetStatistics();
  readonly #skipped = new Map<string, number>();
  #shape: LineShape | 'record' | undefined;
  #pending = '';
  #bytes = 0;

  constructor(path: string, format: ExportFormat, append: Append) {
    this.#path = path;
    this.#format = format;
    this.#append = append;
  }

  async add({ example, submission }: ExportedExample): Promise<void> {
    const exported = exportLine(example, this.#format, submission);
    if (exported.kind === 'skipped') return this.#skip(exported.reason);
    this.#shape ??= exported.shape;
    if (exported.shape !== this.#shape) {
      return this.#skip(
        `the file holds ${this.#shape}, and this is one of ${exported.shape}: export it to a file of its own`,
      );
    }
    this.#statistics.add(example);
    this.#pending += `${exported.line}\n`;
    if (this.#pending.length >= CHUNK_CHARACTERS) await this.#flush();
  }

  async finish(): Promise<WrittenDataset> {
    await this.#flush();
    return {
      path: this.#path,
      format: this.#format,
      shape: this.#shape,
      written: this.#statistics.examples,
      skipped: this.#skipped,
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      statistics: this.#statistics,
    };
  }

  #skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  async #flush(): Promise<void> {
    const chunk = this.#pending;
    this.#pending = '';
    this.#hash.update(chunk);
    this.#bytes += Buffer.byteLength(chunk);
    await this.#append(chunk);
  }
}
