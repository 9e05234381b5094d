import { existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, failed, ok, warning } from './check.ts';

const GIGABYTE = 1_024 ** 3;
const LITTLE_BYTES = GIGABYTE;
const TOO_LITTLE_BYTES = GIGABYTE / 10;
const OTHERS = 0o077;

/** The directory of the embedded engine and of the log file: who may read it, and how much room it has. */
export const dataDirectory: Check = {
  name: 'data directory',
  look: async ({ settings: { data } }) => {
    if (!existsSync(data)) return [ok(`${data} is not there yet: the first run makes it`)];
    return [...(await rightsOf(data)), await roomOf(data)];
  },
};

async function rightsOf(data: string) {
  const directory = (await stat(data)).mode & OTHERS;
  const names = await readdir(data);
  const modes = await Promise.all(
    names.map(async (name) => [name, (await stat(join(data, name))).mode] as const),
  );
  const open = modes.filter(
    ([name, mode]) =>
      /\.(?:db|db-wal|db-shm|lock|log|journal|journal-lock|damaged|spill)$/.test(name) &&
      (mode & OTHERS) !== 0,
  );
  const [first] = open;
  if (first !== undefined)
    return [warning(`${first[0]} in ${data} can be read by others`, `chmod 600 ${join(data, first[0])}`)];
  if (directory !== 0)
    return [warning(`${data} can be entered by others; its files are closed to them`, `chmod 700 ${data}`)];
  return [ok(`${data} is its owner’s alone`)];
}

async function roomOf(data: string) {
  const { bavail, bsize } = await statfs(data);
  const free = bavail * bsize;
  const text = `${(free / GIGABYTE).toFixed(1)} GB free under ${data}`;
  const mend = 'free some space: a question takes about 25 KB. A full disk makes a run wait';
  if (free < TOO_LITTLE_BYTES) return failed(text, mend);
  return free < LITTLE_BYTES ? warning(text, mend) : ok(text);
}
