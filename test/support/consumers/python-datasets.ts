import { describe, it } from 'vitest';
import { cached, shortHash } from '../servers/cache.ts';
import { runTool } from '../servers/run-tool.ts';

/** What reads our files elsewhere: Apache-2.0, fetched by the tests alone. TRL's data code needs no torch. */
const CONSUMERS = ['datasets==5.2.0'];
const ALONE = ['trl==1.16.0'];
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];

/** A directory of Python packages, fetched once by pip from wherever this machine's pip fetches. Throws Unavailable. */
function packages(): Promise<string> {
  return cached(`consumers-${shortHash([...CONSUMERS, ...ALONE].join(' '))}`, async (directory) => {
    await runTool('python3', [...PIP, '--target', directory, ...CONSUMERS]);
    await runTool('python3', [...PIP, '--no-deps', '--target', directory, ...ALONE]);
  });
}

/** Runs a Python program that finds these packages; gives what it wrote. */
export type RunPython = (args: readonly string[]) => Promise<string>;

/**
 * Tests with the real `datasets` and `trl`. Skipped where no Python or no package index is, except in CI, where that
 * fails. To be awaited.
 */
export async function describeWithPython(name: string, define: (run: RunPython) => void): Promise<void> {
  const found = await packages().then(
    (directory) => ({ directory }),
    (error: unknown) => ({ missing: String(error) }),
  );
  if ('missing' in found) {
    if (process.env['CI'] === 'true') throw new Error(`${name}: no consumers: ${found.missing}`);
    console.warn(`Skipped: ${name}. The Python packages cannot be had: ${found.missing}`);
    describe.skip(name, () => it('needs Python packages', () => undefined));
    return;
  }
  const env = {
    ...process.env,
    PYTHONPATH: found.directory,
    // Nothing of the reader's own may be asked for or kept.
    HF_HUB_OFFLINE: '1',
    HF_DATASETS_OFFLINE: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  describe(name, () => define((args) => runTool('python3', args, { env })));
}
