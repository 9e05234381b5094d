import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { millrace } from '../support/millrace.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';
import { writeQuestions } from '../support/question-files.ts';
import { tempDir } from '../support/temp-dir.ts';

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
      const letters = await millrace(['dead-letters', '--json', '--data', data], { cwd, env });
      expect(collector.spans.some(({ name }) => name.startsWith('chat '))).toBe(true);
      const said = [run.stdout, run.stderr, letters.stdout, letters.stderr, ...collector.raw];
      const all = [...said, await everything(data)].join('\n');
      expect(all).not.toContain(KEY);
      expect(all).not.toContain(KEY.slice(3));
      expect((await stat(data)).mode & 0o777).toBe(0o700);
    },
  );
});
