import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogFile } from '../../../src/infra/files/log-file.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'millrace-log-'));

it('a log is JSON lines for its owner alone, in a directory that it makes', async () => {
  const path = join(folder(), 'new', 'millrace.log');
  const { logger, close } = openLogFile(path);
  logger.warn({ stage: 'review', questionId: 'abc' }, 'something');
  await close();
  const line: unknown = JSON.parse(readFileSync(path, 'utf8'));
  expect(line).toMatchObject({ level: 40, stage: 'review', questionId: 'abc', msg: 'something' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a log that cannot be written stops nobody', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const { logger, close } = openLogFile(join(file, 'below', 'millrace.log'));
  logger.error('nobody hears this');
  await close();
});
