import { Failure } from '../../../../streams/failure.ts';
import { formatOfPath } from '../../formats/input-format.ts';
import type { InputSource } from '../../readers/input-reader.ts';
import type { ByteSource } from '../byte-source.ts';
import { openHubFile } from './hub.ts';
import { hubFileOf } from './hub-address.ts';

const CHUNK_BYTES = 4 * 1_024 * 1_024;

/** A file of text on the Hub, a piece at a time. Throws as `openHubFile` does. */
export async function openHubBytes(source: string): Promise<ByteSource> {
  const file = hubFileOf(source);
  // A data set is expanded to its files before any of them is read.
  if (file === undefined) {
    const message = `${source}: expected one file, hf://datasets/OWNER/NAME@COMMIT/PATH`;
    throw new Failure('fatal', 'bad_hub_address', message);
  }
  const opened = await openHubFile(file);
  return { name: source, format: formatOfPath(file.path).format, chunks: chunksOf(opened) };
}

async function* chunksOf({ byteLength, slice }: InputSource): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < byteLength; start += CHUNK_BYTES) yield await slice(start, start + CHUNK_BYTES);
}
