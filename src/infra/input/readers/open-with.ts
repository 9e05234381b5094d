import { open } from 'node:fs/promises';
import { errorText, Failure } from '../../../streams/failure.ts';
import { badEntry } from '../entry-text.ts';
import type { OpenedRows, RowEntry } from '../formats/row.ts';
import { openFailure } from '../sources/byte-source.ts';
import { openHubFile } from '../sources/hub/hub.ts';
import { hubFileOf } from '../sources/hub/hub-address.ts';
import type { InputReader, InputSource, ReadRow } from './input-reader.ts';

/** Opens a file for a reader. It is closed when its rows end or are left early. Throws a fatal Failure where it cannot be read. */
export async function openWith(reader: InputReader, path: string): Promise<OpenedRows> {
  return { name: path, format: reader.name, rows: rowsIn(reader, path, await opened(path)) };
}

type Opened = Readonly<{ source: InputSource; close(): Promise<void> }>;

async function opened(path: string): Promise<Opened> {
  const onHub = hubFileOf(path);
  if (onHub !== undefined) return { source: await openHubFile(onHub), close: async () => undefined };
  const file = await open(path, 'r').catch((error: unknown) => {
    throw openFailure(path, error);
  });
  const { size: byteLength } = await file.stat();
  const slice = async (start: number, end: number) => {
    const bytes = new Uint8Array(Math.max(0, end - start));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  };
  return { source: { name: path, byteLength, slice }, close: () => file.close() };
}

async function* rowsIn(
  reader: InputReader,
  path: string,
  { source, close }: Opened,
): AsyncGenerator<RowEntry> {
  let found = false;
  try {
    for await (const row of reader.read(source)) {
      found = true;
      yield entryOf(checked(row));
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('fatal', 'input_unreadable', `${path} could not be read: ${errorText(cause)}`, {
      cause,
    });
  } finally {
    await close();
  }
  if (!found)
    throw new Failure('fatal', 'input_empty', `${path} holds no questions: expected rows, came none`);
}

/** A reader of a plugin may yield anything. */
function checked(read: ReadRow): ReadRow {
  if (typeof read === 'object' && read !== null && ('row' in read || 'bad' in read)) return read;
  throw new TypeError('its reader yields no rows: expected { line, row } or { line, bad }');
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
