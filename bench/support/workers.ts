import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startCli } from './cli.ts';
import { cpuSecondsOf, type Site } from './servers.ts';
import { readUsage, type Usage } from './usage.ts';
import type { Workspace } from './workspace.ts';

/** A worker of its own process. */
export type Worker = Readonly<{
  startedAtMs: number;
  /** What it has used so far; NaN where there is no `/proc`. */
  cpuSeconds(): number;
  /** SIGTERM, and what the process used from its start to its end. Throws if it did not end well. */
  stop(): Promise<Usage>;
}>;

export type Deployment = Readonly<{ space: Workspace; site: Site; baseUrl: string }>;

/** Runs a command on the site to its end. Throws if it does not end well. */
export async function command(at: Deployment, args: readonly string[]): Promise<void> {
  await ended(start(at, args, at.space.path('command-usage.json')), args);
}

export function startWorker(at: Deployment, name: string, flags: readonly string[]): Worker {
  const usagePath = at.space.path(`${name}-usage.json`);
  const startedAtMs = Date.now();
  const args = ['worker', ...flags];
  const child = start(at, args, usagePath);
  const end = ended(child, args);
  end.catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  return {
    startedAtMs,
    cpuSeconds: () => (child.pid === undefined ? Number.NaN : cpuSecondsOf(child.pid)),
    stop: async () => {
      child.kill('SIGTERM');
      await end;
      const usage = readUsage(usagePath);
      if (usage === undefined) throw new Error(`${name} left no figures`);
      return usage;
    },
  };
}

function start({ space, site, baseUrl }: Deployment, args: readonly string[], usagePath: string) {
  const { kafka, mongo, namespace } = site;
  const env = {
    ...{ MILLRACE_KAFKA: kafka, MILLRACE_MONGO: mongo, MILLRACE_NAMESPACE: namespace },
    ...{ OPENAI_BASE_URL: baseUrl, MILLRACE_MAX_REVISIONS: '0' },
  };
  return startCli(args, { directory: space.directory, usagePath, env });
}

async function ended(child: ChildProcess, args: readonly string[]): Promise<void> {
  let said = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}: ${said}`);
}
