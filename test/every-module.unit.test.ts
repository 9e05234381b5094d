import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { startNode } from './support/process/child.ts';
import { ended } from './support/process/millrace.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
/** They act when they are loaded. */
const PROGRAMS = ['cli/bin.ts', 'cli/main.ts'];

/** What vitest forgives and Node does not: a named import from CommonJS, a missing ending, a type imported as a value. */
it('loads every module with plain Node', async () => {
  const files = (await readdir(SRC, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !PROGRAMS.includes(file.replaceAll('\\', '/')),
  );
  const urls = files.map((file) => pathToFileURL(join(SRC, file)).href);
  const script = `
    const urls = ${JSON.stringify(urls)};
    for (const url of urls)
      await import(url).catch((error) => console.log(url, String(error)));
    console.log('loaded', urls.length);
    process.exit();`;
  const { stdout, stderr } = await ended(startNode(['--input-type=module', '--eval', script]));
  expect(stdout, stderr).toBe(`loaded ${files.length}\n`);
});
