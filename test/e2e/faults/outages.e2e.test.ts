import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violations } from '../../support/invariants.ts';
import type { ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import { ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { until } from '../../support/until.ts';

const WRONG_KEY = 'sk-proj-wrong-0123456789abcdefghij';

describe('a server that refuses everything', () => {
  it('stops the run at once on a wrong key, names its variable, and the key is nowhere', async () => {
    const rig = await RunRig.open({
      questions: 40,
      script: { apiKey: 'sk-right' },
      env: { OPENAI_API_KEY: WRONG_KEY },
      flags: ['--verbose'],
    });
    const run = await rig.run();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('OPENAI_API_KEY');
    expect(run.stderr).toContain('401');
    for (const text of [run.stdout, run.stderr, await everythingIn(rig.dir)])
      expect(text).not.toContain(WRONG_KEY);
    expect((await rig.command('dead-letters')).stdout).toContain('No dead letters');
    expect(await rig.server.stats()).toMatchObject({ answered: 0 });
  });

  it('says which variable to set where there is no key at all', async () => {
    const rig = await RunRig.open({ questions: 2, script: { apiKey: 'sk-right' } });
    const run = await rig.run();
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/wants a key, and OPENAI_API_KEY holds none/);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('goes on with the right key where the wrong one stopped it', async () => {
    const rig = await RunRig.open({ questions: 5, script: { apiKey: 'sk-right' } });
    expect((await rig.run()).code).toBe(1);
    await rig.server.setScript({});
    expect((await rig.run()).code).toBe(0);
    expect(await violations(rig.data)).toEqual([]);
  });

  it('stops the run on an unknown model, and names it', async () => {
    const rig = await RunRig.open({ questions: 10, script: { fractions: { '404': 1 } } });
    const run = await rig.run('--model', 'no-such-model');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('no-such-model');
    expect(run.stderr).toContain(rig.server.url);
    expect((await rig.command('dead-letters')).stdout).toContain('No dead letters');
  });
});

describe('a server that is not there', () => {
  it('is named with its address', async () => {
    const rig = await RunRig.open({ questions: 3 });
    const address = `http://127.0.0.1:${await closedPort()}/v1`;
    const run = await rig.run('--base-url', address);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(address);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect((await rig.command('dead-letters')).stdout).toContain('No dead letters');
    expect((await rig.run()).code).toBe(0);
    expect(await violations(rig.data)).toEqual([]);
  });
});

describe('a server that is overloaded for a while', () => {
  const healthy: ScriptInput = { latencyMs: 5 };

  it('is waited for: calls pause, nothing dies, and all goes on', async () => {
    const rig = await RunRig.open({ questions: 30, script: healthy, flags: ['--json'] });
    const child = rig.start();
    await until('some questions are answered', async () => (await rig.server.stats()).answered >= 9);
    await rig.server.setScript({ fractions: { '503': 1 } });
    await until('the run says that the server is away', () => /"outages":\[\{/.test(child.stdout()));
    const { started } = await rig.server.quietStats();
    await rig.server.setScript(healthy);
    const run = await ended(child);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).not.toContain('"dead_lettered":1');
    const stats = await rig.server.quietStats();
    expect(stats.faults['503'], `of ${started} calls`).toBeLessThan(60);
    expect(await rig.dataset()).toHaveLength(30);
    expect(await violations(rig.data, { calls: stats })).toEqual([]);
  });
});

async function everythingIn(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join(
    '\n',
  );
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 9;
}
