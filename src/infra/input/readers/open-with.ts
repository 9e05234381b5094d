import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../../streams/failure.ts';
import type { OpenedRows, RowEntry } from '../formats/row.ts';
import { openFailure } from '../sources/byte-source.ts';
import { badEntry } from '../text-of.ts';
import type { InputReader, ReadRow } from './input-reader.ts';

/** Opens a file for a reader. It is closed when its rows end or are left early. Throws a fatal Failure where it cannot be read. */
export async function openWith(reader: InputReader, path: string): Promise<OpenedRows> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw openFailure(path, error);
  });
  return { name: path, format: reader.name, rows: rowsIn(reader, path, file) };
}

async function* rowsIn(reader: InputReader, path: string, file: FileHandle): AsyncGenerator<RowEntry> {
  let found = false;
  try {
    const { size } = await file.stat();
    const source = { name: path, byteLength: size, slice: sliceOf(file) };
    for await (const row of reader.read(source)) {
      found = true;
      yield entryOf(row);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('fatal', 'input_unreadable', `${path} could not be read: ${why}`, { cause });
  } finally {
    await file.close();
  }
  if (!found)
    throw new Failure('fatal', 'input_empty', `${path} holds no questions: expected rows, came none`);
}

function sliceOf(file: FileHandle) {
  return async (start: number, end: number) => {
    const bytes = new Uint8Array(Math.max(0, end - start));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  };
}

function entryOf(read: ReadRow): RowEntry {
  if ('bad' in read) return badEntry({ line: read.line, label: '', text: '' }, read.bad);
  const { line, row } = read;
  return {
    kind: 'row',
    entry: {
      line,
      label: '',
      get text() {
        return JSON.stringify(row);
      },
    },
    value: row,
  };
}
