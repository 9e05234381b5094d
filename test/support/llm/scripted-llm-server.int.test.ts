import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ScriptedLlmServer, startScriptedLlmServer } from './scripted-llm-server.ts';

const criterion = z.object({ score: z.int(), reason: z.string() });
const review = z.object({ clarity: criterion, safety: criterion });
const schema = z.toJSONSchema(review, { target: 'draft-7' });
const completion = z.object({
  choices: z.tuple([
    z.object({ finish_reason: z.string(), message: z.object({ content: z.string().nullable() }) }),
  ]),
});
let server: ScriptedLlmServer;

beforeEach(async () => {
  server = await startScriptedLlmServer();
});
afterEach(async () => {
  await server.close();
});

function post(url: string, question: string, candidate = ''): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: `<question>${question}</question>${candidate}` }],
      response_format: { type: 'json_schema', json_schema: { name: 'review', strict: true, schema } },
    }),
  });
}

async function content(response: Response): Promise<string> {
  const [choice] = completion.parse(await response.json()).choices;
  return choice.message.content ?? '';
}

async function lowest(question: string, candidate = ''): Promise<number> {
  const { clarity, safety } = review.parse(
    JSON.parse(await content(await post(server.url, question, candidate))),
  );
  return Math.min(clarity.score, safety.score);
}

describe('the scripted server', () => {
  it('counts calls per work, and tells what was paid twice', async () => {
    await content(await post(server.url, 'One?'));
    await content(await post(server.url, 'Two?'));
    expect(server.paidTwice()).toEqual([]);
    await content(await post(server.url, 'One?'));
    expect(server.paidTwice()).toEqual([expect.stringMatching(/^review\|One\?\|\w+$/)]);
    expect(server.counts).toMatchObject({ started: 3, finished: 3, answered: 3, inFlight: 0 });
    expect(server.counts.bySchema).toEqual({ review: { started: 3, finished: 3, answered: 3 } });
  });

  it('knows a work again that is asked for with its schema in words', async () => {
    const words = `Answer so:\n<json_schema name="review">${JSON.stringify(schema)}</json_schema>`;
    const user = { role: 'user', content: '<question>One?</question>' };
    const ask = async (...messages: readonly object[]) => {
      const body = JSON.stringify({ model: 'm', messages });
      return content(await fetch(`${server.url}/chat/completions`, { method: 'POST', body }));
    };
    await ask({ role: 'system', content: words }, user);
    await content(await post(server.url, 'One?'));
    expect([...server.works.values()]).toMatchObject([{ started: 2, answered: 2 }]);
    await ask({ role: 'system', content: `Be strict.\n\n${words}` }, user);
    expect(server.works.size, 'another prompt is another work').toBe(2);
  });

  it('does not count a spoilt answer as paid', async () => {
    server.setScript({ sequences: [{ faults: ['malformed', 'refused', 'schema-mismatch', '500', 'ok'] }] });
    for (let call = 0; call < 5; call += 1) await (await post(server.url, 'One?')).text();
    expect([...server.works.values()]).toMatchObject([{ started: 5, finished: 5, answered: 1 }]);
    expect(server.counts.faults).toEqual({ malformed: 1, refused: 1, 'schema-mismatch': 1, '500': 1 });
  });

  it('counts a caller that went away as abandoned', async () => {
    server.setScript({ sequences: [{ faults: ['hang'] }] });
    const controller = new AbortController();
    const call = fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [] }),
      signal: controller.signal,
    });
    await expect.poll(() => server.counts.inFlight).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => server.counts).toMatchObject({ abandoned: 1, inFlight: 0, finished: 0 });
  });

  it('gives each work its own sequence if told so', async () => {
    server.setScript({ sequences: [{ each: 'work', schema: 'review', faults: ['500'] }] });
    const statuses: number[] = [];
    for (const question of ['One?', 'Two?', 'One?']) statuses.push((await post(server.url, question)).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  it('spoils about the share of calls that it is told to', async () => {
    server.setScript({ fractions: { '429': 0.1, fenced: 0.1 } });
    for (let call = 0; call < 300; call += 1) await (await post(server.url, `Q${call}`)).text();
    const { '429': limited = 0, fenced = 0 } = server.counts.faults;
    expect(limited).toBeGreaterThan(15);
    expect(limited).toBeLessThan(50);
    expect(fenced).toBeGreaterThan(15);
    expect(server.counts.answered).toBe(300 - limited);
  });

  it('rejects the first reviews of a question, a repeated one like the first time', async () => {
    server.setScript({ reject: { revisions: 1 } });
    expect(await lowest('One?', 'first')).toBeLessThan(7);
    expect(await lowest('One?', 'first')).toBeLessThan(7);
    expect(await lowest('One?', 'second')).toBeGreaterThanOrEqual(7);
    expect(await lowest('Two?')).toBeLessThan(7);
  });

  it('wraps a whole answer in fences', async () => {
    server.setScript({ sequences: [{ faults: ['fenced'] }] });
    const [, fenced = ''] =
      /```json\n([\s\S]*)\n```/.exec(await content(await post(server.url, 'One?'))) ?? [];
    expect(review.safeParse(JSON.parse(fenced)).success).toBe(true);
  });

  it('refuses a script with a word it does not know', () => {
    expect(() => server.setScript(JSON.parse('{"latency":3}'))).toThrow();
  });

  it('lists its models', async () => {
    expect(await (await fetch(`${server.url}/models`)).json()).toMatchObject({ data: [{ id: 'scripted' }] });
  });

  it('runs as a process of its own, told and asked over HTTP', async () => {
    const file = fileURLToPath(new URL('./scripted-llm-server.ts', import.meta.url));
    const child = spawn(process.execPath, [file, '--latency', 'review=1', '--seed', '3'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
    const root = url.replace('/v1', '');
    expect((await post(url, 'One?')).status).toBe(200);
    await fetch(`${root}/__script`, { method: 'POST', body: '{"sequences":[{"faults":["503"]}]}' });
    expect((await post(url, 'One?')).status).toBe(503);
    const stats = await (await fetch(`${root}/__stats`)).json();
    expect(stats).toMatchObject({ started: 2, answered: 1, faults: { '503': 1 }, paidTwice: [] });
    child.kill();
    await once(child, 'exit');
  });
});
