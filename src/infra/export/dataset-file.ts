import { join } from 'node:path';
import { partOf, type Split, type SplitBy, splitKeyOf } from '../../stages/dataset/split.ts';
import type { Example } from '../../stages/example.ts';
import type { Beside, ExportedLine } from '../../stages/formats/export-line.ts';
import { type Asker, HELD, type Held, type LineShape } from '../../stages/formats/format.ts';
import { type ExportFormat, exportLines } from '../../stages/formats/index.ts';
import { replaceFiles } from '../files/replace-file.ts';
import { type DatasetFigures, DatasetStatistics } from './card/dataset-statistics.ts';
import { DatasetFileWriter, type FileSpec, type WrittenFile } from './dataset-file-writer.ts';
import type { OutPlace } from './dataset-path.ts';
import type { FileType } from './encoders/encoder.ts';

/** An example, and what is known beside it. */
export type ExportedExample = Readonly<{
  example: Example;
  submission?: Asker | undefined;
  /** Why it is to have no line. */
  leftOut?: string | undefined;
}> &
  Omit<Beside, 'asker'>;

/** The lines of an example, or why it has none. Never throws. */
export function linesOf(
  { example, submission: asker, leftOut, ...beside }: ExportedExample,
  format: ExportFormat,
): readonly ExportedLine[] {
  if (leftOut !== undefined) return [{ kind: 'skipped', reason: leftOut }];
  return exportLines(example, format, { asker, ...beside });
}

/** What came of an export. */
export type WrittenDataset = Readonly<{
  place: OutPlace;
  files: readonly WrittenFile[];
  format: ExportFormat;
  fileType: FileType;
  /** What its lines are; `undefined` if there are none. */
  shape: LineShape | 'record' | undefined;
  /** Lines in the files: of some formats a question has several. */
  written: number;
  /** How many lines were left out, by reason. */
  skipped: ReadonlyMap<string, number>;
  bytes: number;
  /** The columns beside what is said that any line has. */
  beside: ReadonlySet<Held>;
  /** Of the examples in the files. */
  statistics: DatasetFigures;
}>;

export type WriteOptions = Readonly<{
  examples: AsyncIterable<ExportedExample>;
  /** A file, or with `split` a directory. */
  out: string;
  format: ExportFormat;
  fileType?: FileType | undefined;
  split?: Split | undefined;
  splitBy?: SplitBy | undefined;
  /** What the lines are, where more than these examples decide it. Default: the shape of the first. */
  shape?: LineShape | 'record' | undefined;
  /** Looks at what came before anything is replaced; what it throws leaves the old files as they were. */
  check?: ((dataset: WrittenDataset) => Promise<void>) | undefined;
}>;

/**
 * Writes the examples in place of whatever stands at `out`, in constant memory. The old files stand until the new ones
 * are complete and safe on disk. Of a format with several shapes of lines the first line decides: a trainer reads only
 * one from a file, so examples of another shape are skipped. Rejects with a fatal Failure that says what to do
 * (`read_only`, `disk_full`, `not_a_file` …), or with whatever `examples` or `check` throws.
 */
export async function writeDataset(options: WriteOptions): Promise<WrittenDataset> {
  const specs = specsOf(options);
  return replaceFiles(
    specs.map(({ path }) => path),
    async (appends) => {
      const files = appends.map((append, index) => {
        const spec = specs[index] ?? { path: options.out, part: undefined };
        return new DatasetFileWriter(spec, options, append);
      });
      const dataset = await writtenTo(files, options);
      await options.check?.(dataset);
      return dataset;
      // Of a directory the user named no file.
    },
    options.split === undefined ? 'follow' : 'replace',
  );
}

/** What `writeDataset` would come to, with sizes and hashes of its files; nothing is written. Rejects with what `examples` throws. */
export function describeDataset(options: Omit<WriteOptions, 'check'>): Promise<WrittenDataset> {
  const files = specsOf(options).map((spec) => new DatasetFileWriter(spec, options, async () => undefined));
  return writtenTo(files, options);
}

async function writtenTo(
  files: readonly DatasetFileWriter[],
  options: WriteOptions,
): Promise<WrittenDataset> {
  const writer = new DatasetWriter(options, files);
  for await (const exported of options.examples) await writer.add(exported);
  return writer.finish();
}

function specsOf({ out, split, fileType = 'jsonl' }: WriteOptions): readonly FileSpec[] {
  if (split === undefined) return [{ path: out, part: undefined }];
  return split.map(([part]) => ({ path: join(out, `${part}.${fileType}`), part }));
}

class DatasetWriter {
  readonly #options: WriteOptions;
  readonly #files: readonly DatasetFileWriter[];
  readonly #statistics = new DatasetStatistics();
  readonly #skipped = new Map<string, number>();
  readonly #beside = new Set<Held>();
  #shape: LineShape | 'record' | undefined;

  constructor(options: WriteOptions, files: readonly DatasetFileWriter[]) {
    this.#options = options;
    this.#files = files;
    this.#shape = options.shape;
  }

  async add(exported: ExportedExample): Promise<void> {
    const { example } = exported;
    const file = this.#fileOf(example);
    let written = false;
    for (const each of linesOf(exported, this.#options.format)) {
      const taken = this.#taken(each);
      if (taken === undefined) continue;
      await file?.add(taken, taken.shape);
      for (const name of HELD) if (name in taken.value) this.#beside.add(name);
      written = true;
    }
    if (written) this.#statistics.add(example);
  }

  async finish(): Promise<WrittenDataset> {
    const files: WrittenFile[] = [];
    for (const file of this.#files) files.push(await file.finish(this.#shape));
    const { out, split, format, fileType = 'jsonl' } = this.#options;
    return {
      place: { kind: split === undefined ? 'file' : 'directory', path: out },
      ...{ files, format, fileType, shape: this.#shape },
      written: files.reduce((sum, { lines }) => sum + lines, 0),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      skipped: this.#skipped,
      beside: this.#beside,
      statistics: this.#statistics,
    };
  }

  #fileOf(example: Example): DatasetFileWriter | undefined {
    const { split, splitBy } = this.#options;
    if (split === undefined) return this.#files[0];
    const wanted = partOf(split, splitKeyOf(example, splitBy));
    return this.#files.find(({ part }) => part === wanted);
  }

  #taken(exported: ExportedLine): Extract<ExportedLine, { kind: 'line' }> | undefined {
    if (exported.kind === 'skipped') return this.#skip(exported.reason);
    this.#shape ??= exported.shape;
    if (exported.shape === this.#shape) return exported;
    return this.#skip(
      `the file holds ${this.#shape}, not ${exported.shape}: export those to a file of their own`,
    );
  }

  #skip(reason: string): undefined {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }
}
