import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { errorText, Failure } from '../../../streams/failure.ts';
import { refusal } from './refusal.ts';

/** What yauzl says of such names. */
const OUTSIDE = /^(?:invalid relative path|absolute path|invalid characters in fileName): /;
const MOST_ENTRIES = 10_000;
const MOST_INFLATED_BYTES = 200 * 1_024 * 1_024;

/**
 * The wanted files of a zip, by name. All of it is inflated once and counted, whatever its headers claim, before a parser sees it. Throws
 * Failures: `zip_bomb`, `bad_zip`.
 */
export async function filesInZip(
  bytes: Uint8Array,
  name: string,
  isWanted: (entry: string) => boolean,
): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let inflated = 0;
  try {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const zip = await fromBufferPromise(whole, { lazyEntries: true, validateEntrySizes: true });
    if (zip.entryCount > MOST_ENTRIES)
      throw refusal('zip_bomb', `${name}: holds more than ${MOST_ENTRIES} files; refused.`);
    for await (const entry of zip.eachEntry()) {
      inflated += entry.uncompressedSize;
      if (inflated > MOST_INFLATED_BYTES)
        throw refusal('zip_bomb', `${name}: inflates to more than 200 MiB; refused.`);
      if (entry.fileName.endsWith('/')) continue;
      // One that gives more than its header says ends with an error.
      const content = await buffer(await zip.openReadStreamPromise(entry));
      if (isWanted(entry.fileName)) files.set(entry.fileName, content);
    }
    return files;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const what = OUTSIDE.test(errorText(error)) ? 'names a file outside of itself' : 'not a whole zip file';
    throw refusal('bad_zip', `${name}: ${what}; refused.`, error);
  }
}
