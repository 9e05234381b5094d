// `npm run goldens [NAME …]` keeps what Millrace shows now as what it shall show from now on: all of it, or what is named.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keep } from './golden.ts';
import { goldens } from './goldens.ts';

const names = process.argv.slice(2);
const unknown = names.find((name) => !goldens.some((golden) => golden.name === name));
if (unknown !== undefined) {
  const known = goldens.map(({ name }) => name).join(', ');
  process.stderr.write(`No golden is called "${unknown}". There are: ${known}.\n`);
  process.exit(1);
}
for (const golden of goldens) {
  if (names.length > 0 && !names.includes(golden.name)) continue;
  const directory = await mkdtemp(join(tmpdir(), 'millrace-golden-'));
  try {
    const files = await golden.make(directory);
    await keep(golden, files);
    process.stdout.write(`${golden.name}: ${files.size} ${files.size === 1 ? 'file' : 'files'}\n`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
