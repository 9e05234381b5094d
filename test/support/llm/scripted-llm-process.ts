import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { startNode } from '../process/child.ts';
import { until } from '../until.ts';
import type { ScriptInput } from './scripted-llm-script.ts';
import { startScriptedLlmServer } from './scripted-llm-server.ts';

const SERVER = fileURLToPath(new URL('./scripted-llm-server.ts', import.meta.url));

const counts = z.object({ started: z.number(), finished: z.number(), answered: z.number() });
const statsSchema = counts.extend({
  abandoned: z.number(),
  inFlight: z.number(),
  maxInFlight: z.number(),
  bySchema: z.record(z.string(), counts),
  faults: z.record(z.string(), z.number()),
  paidTwice: z.array(z.string()),
  works: z.record(z.string(), counts),
});
export type ServerStats = z.output<typeof statsSchema>;

/** The scripted model server, wherever it runs: it outlives those who call it. */
export type TestLlm = Readonly<{
  /** The base URL, `/v1` included. */
  url: string;
  stats(): Promise<ServerStats>;
  /** The counts once no call is on its way any more. */
  quietStats(): Promise<ServerStats>;
  setScript(script: ScriptInput): Promise<void>;
}>;

/** In a process of its own, so that it takes no time from ours and ours none from it. */
export async function startLlmProcess(script: ScriptInput = {}): Promise<TestLlm> {
  const child = startNode([SERVER, '--script', JSON.stringify(script)]);
  const line = await until('the model server says its address', () => /^\{.*\}$/m.exec(child.stdout())?.[0]);
  return askedOverHttp(z.object({ url: z.string() }).parse(JSON.parse(line)).url);
}

/** In this process. */
export async function startLlm(script: ScriptInput = {}): Promise<TestLlm> {
  const server = await startScriptedLlmServer({ script, keepRequests: 0 });
  onTestFinished(() => server.close());
  return askedOverHttp(server.url);
}

function askedOverHttp(url: string): TestLlm {
  const root = url.replace(/\/v1$/, '');
  const stats = async () => statsSchema.parse(await (await fetch(`${root}/__stats`)).json());
  return {
    url,
    stats,
    quietStats: () =>
      until('no call is on its way', async () => {
        const now = await stats();
        return now.inFlight === 0 && now;
      }),
    setScript: async (next) => {
      await (await fetch(`${root}/__script`, { method: 'POST', body: JSON.stringify(next) })).text();
    },
  };
}
