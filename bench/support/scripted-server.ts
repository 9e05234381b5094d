import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ScriptInput } from '../../test/support/llm/scripted-llm-script.ts';

const SERVER = fileURLToPath(new URL('../../test/support/llm/scripted-llm-server.ts', import.meta.url));

const statsSchema = z.object({
  started: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  inFlight: z.number(),
  maxInFlight: z.number(),
  faults: z.record(z.string(), z.number()),
  paidTwice: z.array(z.string()),
  works: z.record(
    z.string(),
    z.object({ started: z.number(), answered: z.number(), delaysMs: z.array(z.number()) }),
  ),
});
/** What the server has seen so far. */
export type ServerStats = z.output<typeof statsSchema>;

/** The scripted model server as a process of its own. */
export type ScriptedServer = AsyncDisposable & Readonly<{ url: string; stats(): Promise<ServerStats> }>;

export async function startServer(script: ScriptInput): Promise<ScriptedServer> {
  const child = spawn(process.execPath, [SERVER, '--script', JSON.stringify(script)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  return {
    url,
    stats: async () => {
      const response = await fetch(url.replace('/v1', '/__stats'));
      return statsSchema.parse(await response.json());
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

const WARM_UP_CALLS = 100;

/**
 * A server that has answered some calls before it follows the script: where times are compared, a cold server's first
 * answers would be charged to the caller.
 */
export async function startWarmServer(script: ScriptInput): Promise<ScriptedServer> {
  const server = await startServer({});
  const schema = z.toJSONSchema(z.object({ text: z.string(), score: z.number() }));
  const json_schema = { name: 'warm_up', strict: true, schema };
  const response_format = { type: 'json_schema', json_schema };
  const call = async (_: unknown, index: number) => {
    const messages = [{ role: 'user', content: `<question>${index}</question>` }];
    const body = JSON.stringify({ model: 'scripted', messages, response_format });
    await (await fetch(`${server.url}/chat/completions`, { method: 'POST', body })).text();
  };
  await Promise.all(Array.from({ length: WARM_UP_CALLS }, call));
  const body = JSON.stringify(script);
  await fetch(server.url.replace('/v1', '/__script'), { method: 'POST', body });
  return server;
}

/** The three calls of a question, as the server names them. */
export const CALLS = ['research', 'candidate', 'review'] as const;

/** The part of a work's key before the hash of its messages: `review|<question>`. */
export function workName(key: string): string {
  return key.slice(0, key.lastIndexOf('|'));
}
