import { startCli } from '../support/cli.ts';
import { pssMbOf } from '../support/pss.ts';
import type { Workspace } from '../support/workspace.ts';

const LOOK_MS = 100;

/** No key is set here, and on Kafka and MongoDB the simulated model's data is looked at on request only. */
export const env = { MILLRACE_DRY_RUN: 'true' };

/**
 * Answers the peak PSS of the process, in megabytes. Throws if it did not end well.
 * @param bin another command than the one that is measured.
 */
export async function runCli(space: Workspace, args: readonly string[], bin?: string): Promise<number> {
  const child = startCli(args, { directory: space.directory, usagePath: space.path('usage.json'), env, bin });
  let [errors, peak] = ['', 0];
  child.stdout?.resume();
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const looking = setInterval(() => {
    peak = Math.max(peak, pssMbOf(child.pid) ?? 0);
  }, LOOK_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}: ${errors}`);
  return peak;
}
