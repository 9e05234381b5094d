import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startNode } from '../process/child.ts';
import { tempDir } from '../temp-dir.ts';
import { until } from '../until.ts';
import { exists } from './cache.ts';

const MODULE = join(import.meta.dirname, 'guarded-process.ts');

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a server and its data do not outlive the process that started it, though that is killed', async () => {
  const directory = join(await tempDir(), 'data');
  await mkdir(directory);
  await writeFile(join(directory, 'kept'), 'while it lives');
  const options = { command: 'tail', args: ['-f', '/dev/null'], directory, logFile: join(directory, 'log') };
  const code = `
    import { GuardedProcess } from ${JSON.stringify(MODULE)};
    console.log((await GuardedProcess.start(${JSON.stringify(options)})).pid);
    setInterval(() => undefined, 1_000);`;
  const child = startNode(['--input-type=module', '--eval', code]);
  const pid = Number(await until('the server runs', () => child.stdout().trim() || undefined));
  expect(alive(pid)).toBe(true);
  child.kill('SIGKILL');
  await until('the data are deleted', async () => !(await exists(directory)));
  await until('the server is gone', () => !alive(pid));
});
