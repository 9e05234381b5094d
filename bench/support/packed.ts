import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from './workspace.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/**
 * Builds and packs the package, and lays it out in the workspace as an installation would, its dependencies linked.
 * Gives the path of the command.
 */
export async function packedCommand(space: Workspace): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', space.directory], {
    cwd: ROOT,
  });
  const tarball = /"filename": "([^"]+)"/.exec(stdout)?.[1];
  if (tarball === undefined) throw new Error(`npm pack named no file: ${stdout}`);
  const home = space.path('node_modules/millrace');
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', space.path(tarball), '-C', home, '--strip-components=1']);
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  return join(home, 'dist/cli/bin.js');
}
