import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../src/features/run/run-command.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { workerCommand } from '../../../src/features/run/worker-command.ts';
import { serveCommand } from '../../../src/features/serve/serve-command.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { tempDir } from '../../support/temp-dir.ts';

const questions = join(import.meta.dirname, '../../../examples/questions.jsonl');
const taken = createServer();

beforeEach(async () => {
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  taken.close();
  await once(taken, 'close');
});

function port(): string {
  const address = taken.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

const starts: Readonly<Record<string, () => readonly [Command, ...string[]]>> = {
  'a worker whose port for metrics is taken': () => [workerCommand(), '--port', port()],
  'a worker whose port for the page is taken': () => [workerCommand(), '--ui', port()],
  'a run whose port for the page is taken': () => [runCommand(), questions, '--quiet', '--ui', port()],
  'a server whose port is taken': () => [serveCommand(), '--port', port()],
};

describe('a command that cannot start', () => {
  it.each(Object.keys(starts))('%s says so, and leaves nobody at work and no data locked', async (name) => {
    const data = await tempDir();
    const [command, ...flags] = starts[name]?.() ?? [];
    const out = join(data, 'dataset.jsonl');
    const asked = [...flags, '--data', data, ...(flags[0] === questions ? ['--out', out] : [])];
    const heard = process.listenerCount('SIGTERM');
    await expect(command?.parseAsync([...asked, '--dry-run'], { from: 'user' })).rejects.toMatchObject({
      code: 'bad_port',
    });
    expect(process.listenerCount('SIGTERM')).toBe(heard);
    const free = await openSession({ settings: parseSettings({ data, dryRun: true }), stages: [] });
    await free.close();
  });
});
