import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { apiAt } from '../../support/http/api.ts';
import { answerOn, postHead, rawConnection } from '../../support/http/raw-request.ts';
import { questionsIn } from '../../support/http/served.ts';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import type { Child } from '../../support/process/child.ts';
import { millrace, startMillrace } from '../../support/process/millrace.ts';
import { questionText } from '../../support/run/question-files.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const acceptedSchema = z.object({ results: z.array(z.object({ id: z.string() })) });
const questionSchema = z.looseObject({ status: z.string(), ended: z.boolean() });

/** `millrace serve` at work on that data directory, and the API that it serves. */
async function serving(data: string, env: Readonly<Record<string, string>>) {
  const child = startMillrace(['serve', '--port', '0', '--no-token', '--data', data], { cwd: data, env });
  const address = await addressOf(child);
  return { child, address, api: await apiAt(address) };
}

function addressOf(child: Child): Promise<string> {
  return until(
    'it listens',
    () => /Listening on (http:\/\/[^\s;]+?)[:;]? /.exec(child.stderr())?.[1],
    60_000,
  );
}

describe('millrace serve', () => {
  it('takes questions that a worker beside it works, tells what came of them, and stops clean', async () => {
    const data = await tempDir();
    const llm = await startScriptedLlmServer();
    onTestFinished(() => llm.close());
    const env = { MILLRACE_BASE_URL: llm.url };
    const worker = startMillrace(['worker', '--data', data], { cwd: data, env });
    await until('the worker is at work', () => worker.stderr().includes('At work'));
    const { child, api } = await serving(data, env);
    const { status, body } = await api.post({ question: questionText(1), id: 'mine' });
    expect(status).toBe(202);
    const id = acceptedSchema.parse(body).results[0]?.id ?? '';
    const story = await until(
      'it is answered',
      async () => {
        const answer = await api.call(`/v1/questions/${id}`);
        const known = answer.status === 200 && questionSchema.parse(answer.body);
        return known !== false && known.ended ? known : undefined;
      },
      60_000,
    );
    expect(story).toMatchObject({ status: 'approved', example: { question: { text: questionText(1) } } });
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: 0, signal: null });
    worker.kill('SIGTERM');
    expect((await worker.exited).code).toBe(0);
  });

  it('has kept everything it acknowledged when it is killed in the middle of an upload', async () => {
    const data = await tempDir();
    const env = { MILLRACE_BASE_URL: 'http://127.0.0.1:9/v1' };
    const { child, api, address } = await serving(data, env);
    const acknowledged = new Set<string>();
    const upload = rawConnection(address);
    const part = Array.from({ length: 500 }, (_, index) => `"What is ${index} of the upload?"\n`).join('');
    upload.write(`${postHead('Transfer-Encoding: chunked')}${part.length.toString(16)}\r\n${part}\r\n`);
    const answer = answerOn(upload).catch(() => '');
    const client = async (name: string) => {
      for (let round = 0; ; round += 1) {
        const lines = Array.from({ length: 20 }, (_, index) => `"What is ${index} of ${name} ${round}?"`);
        const reply = await api.postLines(lines).catch(() => undefined);
        if (reply?.status !== 202) return;
        for (const { id } of acceptedSchema.parse(reply.body).results) acknowledged.add(id);
      }
    };
    const clients = ['a', 'b'].map(client);
    await until('much is acknowledged', () => acknowledged.size > 400);
    child.kill('SIGKILL');
    expect((await child.exited).signal).toBe('SIGKILL');
    await Promise.all(clients);
    expect(await answer).toBe('');

    const engine = await openEmbedded({ data, namespace: 'millrace', mode: 'consume' });
    onTestFinished(() => engine.close());
    const kept = new Set(
      (await questionsIn(engine.log, 'millrace')).map(({ question }) => String(questionIdOf(question))),
    );
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
    const again = await serving(data, env);
    expect((await again.api.post('Why?')).status).toBe(202);
  });

  it('does not start off loopback without a token, and never shows the one it has', async () => {
    const data = await tempDir();
    const args = ['serve', '--port', '0', '--host', '0.0.0.0', '--data', data];
    const without = await millrace(args, { cwd: data });
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('MILLRACE_HTTP_TOKEN')]);
    const weak = await millrace(args, { cwd: data, env: { MILLRACE_HTTP_TOKEN: 'hunter2' } });
    expect([weak.code, weak.stderr]).toEqual([2, expect.stringContaining('httpToken')]);
    expect(weak.stderr + weak.stdout).not.toContain('hunter2');
    const token = '0123456789abcdef'.repeat(2);
    const child = startMillrace(args, { cwd: data, env: { MILLRACE_HTTP_TOKEN: token } });
    const address = await addressOf(child);
    expect((await fetch(`${address}/v1/status`)).status).toBe(401);
    const api = await apiAt(address, token);
    expect((await api.call('/v1/status')).status).toBe(200);
    child.kill('SIGTERM');
    await child.exited;
    expect(child.stderr() + child.stdout()).not.toContain(token);
  });

  it('asks for a token on loopback too, prints it once in a link, and keeps it for its owner', async () => {
    const data = await tempDir();
    const child = startMillrace(['serve', '--port', '0', '--dry-run'], { cwd: data });
    const [, address = '', token = ''] = await until(
      'it says where',
      () => / {2}(http:\/\/[^/]+)\/#token=(\S+)/.exec(child.stderr()) ?? undefined,
    );
    const file = join(data, '.millrace/http-token');
    expect((await readFile(file, 'utf8')).trim()).toBe(token);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    const asked: readonly (readonly [string, string])[] = [
      ['GET', '/v1/questions'],
      ['GET', '/v1/status'],
      ['GET', '/v1/flow'],
      ['GET', '/v1/events'],
      ['GET', '/metrics'],
      ['GET', '/v1/dataset/download'],
      ['POST', '/v1/questions'],
      ['POST', '/v1/review/next'],
      ['POST', '/v1/stages/research/pause'],
      ['POST', '/v1/redrive'],
    ];
    for (const [method, path] of asked) {
      const { status } = await fetch(`${address}${path}`, { method });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
    expect((await (await apiAt(address, token)).call('/v1/status')).status).toBe(200);
    child.kill('SIGTERM');
    await child.exited;
    expect(child.stderr().split(token)).toHaveLength(2);
    expect(
      await readFile(join(data, '.millrace/millrace-simulated.log'), 'utf8').catch(() => ''),
    ).not.toContain(token);
    const [, ...said] = child.stderr().split(/(?=Listening)/);
    for (const line of said.join('').trimEnd().split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('says that a map of the settings renames nothing in what it is sent', async () => {
    const data = await tempDir();
    const { child } = await serving(data, { MILLRACE_MAP: '{"question":"instruction"}' });
    await until('it says so', () => child.stderr().includes('The map of the settings is for files'));
    child.kill('SIGTERM');
    expect((await child.exited).code).toBe(0);
  });

  it('lets everybody in on loopback with --no-token, and says so', async () => {
    const data = await tempDir();
    const { child, address } = await serving(data, { MILLRACE_BASE_URL: 'http://127.0.0.1:9/v1' });
    expect((await fetch(`${address}/v1/status`)).status).toBe(200);
    expect(child.stderr()).toContain('every user of this machine');
  });
});
