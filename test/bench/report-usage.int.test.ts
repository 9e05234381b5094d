import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readUsage, USAGE_PRELOAD } from '../../bench/support/usage.ts';
import { tempDir } from '../support/temp-dir.ts';

const HELD_MB = 300;

it('tells the memory of the measured process, and not what its starter held', async () => {
  const held = Buffer.alloc(HELD_MB * 1_024 * 1_024, 1);
  const directory = await tempDir();
  const path = join(directory, 'usage.json');
  const env = { ...process.env, MILLRACE_BENCH_USAGE: path };
  const child = spawn(process.execPath, ['--import', USAGE_PRELOAD, '--eval', ''], { env, stdio: 'ignore' });
  await once(child, 'close');
  expect(readUsage(path)?.peakRssMb).toBeLessThan(HELD_MB);
  expect(held).toHaveLength(HELD_MB * 1_024 * 1_024);
});
