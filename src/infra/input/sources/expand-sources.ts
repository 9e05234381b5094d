import { glob, readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Failure } from '../../../streams/failure.ts';
import { formatOfPath } from '../formats/input-format.ts';
import { knownExtensions, readerOf } from '../readers/reader-slot.ts';
import { ARROW } from './byte-source.ts';
import { hubFiles } from './hub/hub.ts';
import { hubAddressOf, hubFileOf, isOnHub } from './hub/hub-address.ts';

const MOST_FILES = 10_000;
const MAGIC = /[*?[{]/;
/** What stands beside a dataset and holds no questions. */
const BESIDE = /^(?:dataset_info|dataset_infos|dataset_dict|state|manifest)\.json$|\.rejects\.jsonl$/i;

/**
 * The files that are meant, in the order given: those of a glob, a directory with all below it, or a data set on the Hub are
 * sorted. `-` is left as it is. In a directory only files of known extensions count, no hidden ones. Throws fatal Failures: `input_missing` where a glob
 * or a directory has none, `input_many` for more than 10,000.
 */
export async function expandSources(given: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const each of given) {
    files.push(...(await filesOf(each)));
    if (files.length > MOST_FILES)
      throw new Failure('fatal', 'input_many', `${each}: more than 10,000 files; name fewer at once`);
  }
  return files;
}

async function filesOf(given: string): Promise<readonly string[]> {
  if (given === '-') return [given];
  if (isOnHub(given))
    return hubFileOf(given) === undefined ? hubFiles(hubAddressOf(given), isKnown) : [given];
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory() === true) return filesIn(given);
  if (found !== undefined || !MAGIC.test(given)) return [given];
  const files: string[] = [];
  for await (const path of glob(given)) if (await mayHold(path)) files.push(path);
  if (files.length > 0) return files.sort();
  throw new Failure('fatal', 'input_missing', `${given}: no file has such a name`);
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const below = await readdir(directory, { recursive: true, withFileTypes: true });
  const names: string[] = [];
  for (const entry of below) {
    const name = relative(directory, join(entry.parentPath, entry.name));
    if (entry.isFile() || (entry.isSymbolicLink() && (await mayHold(join(directory, name)))))
      names.push(name);
  }
  const meant = names.filter(
    (name) => !name.split(/[\\/]/).some((part) => part.startsWith('.')) && isKnown(name),
  );
  if (meant.length === 0) {
    const arrow = names.some((name) => /\.arrow$/i.test(name)) ? ` (${ARROW})` : '';
    const expected = `expected files of questions in it (${knownExtensions().join(', ')}), came none${arrow}`;
    throw new Failure('fatal', 'input_missing', `${directory} is a directory: ${expected}`);
  }
  return meant.sort().map((name) => join(directory, name));
}

function isKnown(name: string): boolean {
  const isRead = formatOfPath(name).format !== undefined || readerOf(name) !== undefined;
  return isRead && !BESIDE.test(basename(name));
}

/** Not a directory, and no pipe, which may never end. A link that leads nowhere is kept: whoever reads it says so. */
async function mayHold(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined || found.isFile();
}
