import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { flowSchema } from '../../../src/features/flow/http/schemas.ts';
import type { Child } from '../../support/process/child.ts';
import { millrace, startMillrace } from '../../support/process/millrace.ts';
import { writeQuestions } from '../../support/run/question-files.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

describe('the page beside the work', () => {
  it('is served by the run itself, says once where it is, and ends with the run', async () => {
    const cwd = await tempDir();
    await writeQuestions(cwd, 60);
    const flags = ['--simulate', 'latency=300ms', '--batch-size', '5', '--ui', '0'];
    const run = startMillrace(['run', 'questions.jsonl', ...flags], { cwd });
    const address = await addressOf(run);
    const token = /#token=(\S+)/.exec(run.stderr())?.[1] ?? '';
    expect((await fetch(`${address}/v1/flow`)).status).toBe(401);
    const flow = await flowAt(address, token);
    expect(flow).toMatchObject({ simulated: true, namespace: 'millrace-simulated', lane: 'main' });
    expect((await fetch(`${address}/readyz`)).status).toBeOneOf([200, 503]);
    expect((await run.exited).code).toBe(0);
    expect(run.stderr().match(/The page is at/g)).toHaveLength(1);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('is served by a worker, and needs its token when one is set', async () => {
    const cwd = await tempDir();
    const env = { MILLRACE_HTTP_TOKEN: 'a-token-of-some-length' };
    const worker = startMillrace(['worker', '--simulate', 'latency=1ms', '--ui', '0'], { cwd, env });
    const address = await addressOf(worker);
    expect((await fetch(`${address}/v1/flow`)).status).toBe(401);
    const headers = { authorization: `Bearer ${env.MILLRACE_HTTP_TOKEN}` };
    expect((await fetch(`${address}/v1/flow`, { headers })).status).toBe(200);
    worker.kill('SIGTERM');
    expect((await worker.exited).code).toBe(0);
  });

  it('stops a run at once where its port is taken or strangers could come in without a token', async () => {
    const cwd = await tempDir();
    await writeQuestions(cwd, 1);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const bound = taken.address();
    const port = typeof bound === 'object' && bound !== null ? String(bound.port) : '';
    const args = ['run', 'questions.jsonl', '--dry-run', '--ui'];
    const full = await millrace([...args, port], { cwd });
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining('Name another --ui')]);
    const open = await millrace([...args, '0', '--ui-host', '0.0.0.0'], { cwd });
    expect([open.code, open.stderr]).toEqual([2, expect.stringContaining('leave --ui-host out')]);
  });
});

function addressOf(child: Child): Promise<string> {
  return until('it says where', () => /The page is at (http:\/\/[^\s/]+)/.exec(child.stderr())?.[1]);
}

async function flowAt(address: string, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  return flowSchema.parse(await (await fetch(`${address}/v1/flow`, { headers })).json());
}
