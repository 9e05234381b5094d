import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { cached, shortHash } from '../servers/cache.ts';
import { runTool } from '../servers/run-tool.ts';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const REQUIREMENTS = pathOf('requirements.txt');

export type Schemathesis = Readonly<{
  /** Asks the API of that OpenAPI document everything that it can think of; what it says. Rejects with it where anything is amiss. */
  run(document: string, env: Readonly<Record<string, string>>): Promise<string>;
}>;

/**
 * Tests with schemathesis (MIT, https://schemathesis.io), fetched once by pip from wherever this machine's pip fetches.
 * Skipped with one clear line where it cannot be had, except in CI, where that fails. To be awaited.
 */
export async function describeWithSchemathesis(
  name: string,
  define: (schemathesis: Schemathesis) => void,
): Promise<void> {
  const found = await packages().catch((error: unknown) => ({ missing: String(error) }));
  if (typeof found === 'string') return void describe(name, () => define({ run: runner(found) }));
  if (process.env['CI'] === 'true') throw new Error(`${name}: no schemathesis: ${found.missing}`);
  console.warn(`Skipped: ${name}. pip cannot install schemathesis here: ${found.missing}`);
  describe.skip(name, () => it('needs schemathesis', () => undefined));
}

/** The directory that Python finds it in. */
async function packages(): Promise<string> {
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const python = await runTool('python3', ['--version']);
  return cached(`schemathesis-${shortHash(wanted + python)}`, async (directory) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
    const where = ['--target', directory, '--requirement', REQUIREMENTS];
    await runTool('python3', ['-m', 'pip', 'install', ...options, ...where]);
  });
}

/** The same questions each time: nothing is left to chance, and nothing to a clock. */
function runner(directory: string): Schemathesis['run'] {
  const examples = ['--max-examples', '3', '--generation-deterministic', '--no-shrink'];
  // By the clock it would fail on a busy machine.
  const unclocked = ['--suppress-health-check', 'too_slow'];
  const limits = ['--request-timeout', '60', '--no-color'];
  return (document, env) =>
    runTool(
      'python3',
      [
        ...['-m', 'schemathesis.cli', '--config-file', pathOf('config.toml')],
        ...['run', document, ...examples, ...unclocked, ...limits],
      ],
      { cwd: directory, env: { ...process.env, PYTHONPATH: directory, ...env } },
    );
}
