import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { onDisk, unlessAbsent } from '../files/file-failure.ts';
import type { WrittenDataset } from './dataset-file.ts';

const LINE_END = 0x0a;

/** How much stands where a dataset would go, and how much the dataset holds: in lines, or of Parquet in bytes. */
export type Sizes = Readonly<{ unit: 'lines' | 'bytes'; existing: number; made: number }>;

/** Rejects like `writeDataset`. */
export async function sizesOf({ files, fileType, written, bytes }: WrittenDataset): Promise<Sizes> {
  const measure = fileType === 'jsonl' ? linesIn : bytesIn;
  const existing = await Promise.all(
    files.map(({ path }) => onDisk(path, () => unlessAbsent(measure(path)))),
  );
  const sum = existing.reduce<number>((total, size) => total + (size ?? 0), 0);
  return fileType === 'jsonl'
    ? { unit: 'lines', existing: sum, made: written }
    : { unit: 'bytes', existing: sum, made: bytes };
}

async function linesIn(path: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path)) {
    const bytes: Uint8Array = chunk;
    for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) lines += 1;
  }
  return lines;
}

async function bytesIn(path: string): Promise<number> {
  return (await stat(path)).size;
}
