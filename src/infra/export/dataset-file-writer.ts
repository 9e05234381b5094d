import { createHash, type Hash } from 'node:crypto';
import type { SplitName } from '../../stages/dataset/split.ts';
import type { LineShape } from '../../stages/formats/format.ts';
import type { ExportFormat } from '../../stages/formats/index.ts';
import type { Append } from '../files/replace-file.ts';
import type { ExportRow, FileType, RowEncoder } from './encoders/encoder.ts';
import { rowEncoder } from './encoders/row-encoder.ts';

export type WrittenFile = Readonly<{
  path: string;
  /** The part of the dataset it holds; `undefined` if it holds all. */
  part: SplitName | undefined;
  lines: number;
  bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  sha256: string;
}>;

export type FileSpec = Readonly<{ path: string; part: SplitName | undefined }>;

/** JSONL, unless it says otherwise. */
type Encoding = Readonly<{ fileType?: FileType | undefined; format: ExportFormat }>;

/** Writes the rows of one file, and knows its size and hash. */
export class DatasetFileWriter {
  readonly part: SplitName | undefined;
  readonly #path: string;
  readonly #append: Append;
  readonly #encoding: Encoding;
  readonly #hash: Hash = createHash('sha256');
  #encoder: RowEncoder | undefined;
  #lines = 0;
  #bytes = 0;

  constructor({ path, part }: FileSpec, encoding: Encoding, append: Append) {
    this.#path = path;
    this.part = part;
    this.#encoding = encoding;
    this.#append = append;
  }

  async add(row: ExportRow, shape: LineShape | 'record'): Promise<void> {
    this.#encoder ??= await this.#newEncoder(shape);
    this.#lines += 1;
    await this.#write(this.#encoder.add(row));
  }

  /** @param shape of the other files' lines: a file without lines has the same columns. */
  async finish(shape: LineShape | 'record' | undefined): Promise<WrittenFile> {
    this.#encoder ??= await this.#newEncoder(shape);
    await this.#write(this.#encoder.end());
    const sha256 = this.#hash.digest('hex');
    return { path: this.#path, part: this.part, lines: this.#lines, bytes: this.#bytes, sha256 };
  }

  #newEncoder(shape: LineShape | 'record' | undefined): Promise<RowEncoder> {
    const { fileType = 'jsonl', format } = this.#encoding;
    return rowEncoder(fileType, format, shape);
  }

  async #write(bytes: Uint8Array | undefined): Promise<void> {
    if (bytes === undefined || bytes.length === 0) return;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#append(bytes);
  }
}
