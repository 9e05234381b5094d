import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { otlpReceiver } from '../support/fakes/otlp-receiver.ts';
import { millrace, startMillrace } from '../support/process/millrace.ts';
import { writeQuestions } from '../support/run/question-files.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

const KEY = 'sk-planted-key-that-nobody-may-see-42';

/** A model server that repeats the key in whatever goes wrong: each answer is another class of failure. */
async function tellTale(statuses: readonly number[]): Promise<string> {
  let calls = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const status = statuses[calls++ % statuses.length] ?? 500;
    const message = `no, ${request.headers.authorization}, key ${KEY}, x-api-key: ${KEY}`;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0', 'x-echo': KEY });
    response.end(status === 200 ? 'not JSON at all' : JSON.stringify({ error: { message, code: message } }));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a port');
  return `http://127.0.0.1:${address.port}/v1`;
}

async function everything(data: string): Promise<string> {
  const names = await readdir(data);
  for (const name of names)
    expect([name, ((await stat(join(data, name))).mode & 0o077).toString(8)]).toEqual([name, '0']);
  return (await Promise.all(names.map((name) => readFile(join(data, name), 'latin1')))).join('\n');
}

describe('a key', () => {
  it.each([
    ['transient', [500, 429, 503]],
    ['poison', [400, 422]],
    ['content', [200]],
    ['fatal', [401]],
  ])(
    'is in no file, log, dead letter, message or trace after failures of the class %s',
    async (_, statuses) => {
      const cwd = await tempDir();
      const file = await writeQuestions(cwd, 2);
      const url = await tellTale(statuses);
      const env = { OPENAI_API_KEY: KEY, MILLRACE_MAX_ATTEMPTS: '2', MILLRACE_MAX_CONTENT_ATTEMPTS: '2' };
      const data = join(cwd, 'data');
      const collector = await otlpReceiver();
      const flags = ['--otlp-endpoint', collector.url, '--verbose'];
      const run = await millrace(['run', file, '--base-url', url, '--data', data, ...flags], { cwd, env });
      expect(run.code).not.toBe(0);
      const deadLetters = await millrace(['dead-letters', '--json', '--data', data], { cwd, env });
      expect(collector.spans.some(({ name }) => name.startsWith('chat '))).toBe(true);
      const said = [run.stdout, run.stderr, deadLetters.stdout, deadLetters.stderr, ...collector.raw];
      const all = [...said, await everything(data)].join('\n');
      expect(all).not.toContain(KEY);
      expect(all).not.toContain(KEY.slice(3));
      expect((await stat(data)).mode & 0o777).toBe(0o700);
    },
  );
});

/** A model server that repeats the whole request in what it says. */
async function parrot(status: number): Promise<URL> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const { messages: _, ...rest } = body === '' ? { messages: [] } : JSON.parse(body);
      const message = `no: ${request.url} ${JSON.stringify(request.headers)} ${JSON.stringify(rest)}`;
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(JSON.stringify({ error: { message, code: 'invalid_prompt' } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a port');
  return new URL(`http://127.0.0.1:${address.port}/v1`);
}

describe('a log-in or a key of the base URL, and an extra body', () => {
  it.each([
    ['is away', 503, 'worker'],
    ['refuses every prompt', 400, 'run'],
  ])('are in no file, log, dead letter, message or probe where the server %s', async (_, status, command) => {
    const cwd = await tempDir();
    await writeQuestions(cwd, 2);
    const url = await parrot(status);
    url.username = 'planted-user';
    url.password = 'planted password';
    url.searchParams.set('key', 'planted-query');
    const body = {
      api_key: 'planted-body',
      nested: [{ token: 'planted-"nested"' }],
      long: 'planted-unnamed',
    };
    const env = {
      MILLRACE_BASE_URL: url.href,
      MILLRACE_EXTRA_BODY: JSON.stringify(body),
    };
    const data = join(cwd, 'data');
    const said: string[] = [];
    if (command === 'run') {
      const run = await millrace(['run', 'questions.jsonl', '--data', data, '--verbose'], { cwd, env });
      said.push(run.stdout, run.stderr);
    } else {
      await millrace(['ingest', 'questions.jsonl', '--data', data], { cwd, env });
      const args = ['worker', '--port', '0', '--host', '0.0.0.0', '--log', '--data', data];
      const worker = startMillrace(args, { cwd, env });
      const port = await until('it is at work', () => /metrics at \S+:(\d+)/.exec(worker.stderr())?.[1]);
      const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((reply) => reply.text());
      said.push(
        await until('the circuit is open', async () => {
          const text = await ready();
          return text.includes('circuit_open') ? text : undefined;
        }),
      );
      const status = await millrace(['status', '--json', '--data', data], { cwd, env });
      said.push(status.stdout, status.stderr);
      expect(status.stdout).toContain(`${url.origin}/v1`);
      worker.kill('SIGTERM');
      await worker.exited;
      said.push(worker.stderr());
    }
    for (const args of [['dead-letters', '--json'], ['status'], ['doctor']]) {
      const { stdout, stderr } = await millrace([...args, '--data', data], { cwd, env });
      said.push(stdout, stderr);
    }
    const all = [...said, await everything(data)].join('\n');
    expect(all).not.toMatch(/planted|cGxhbnRlZC11c2Vy/);
  });
});

it('a flag that is none is named without its value', async () => {
  const { code, stderr } = await millrace(['serve', '--http-token=planted', '--port', '0'], {
    cwd: await tempDir(),
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--http-token'")]);
  expect(stderr).not.toContain('planted');
});
