import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What a whole process used, from its start to its end. */
export type Usage = Readonly<{ cpuSeconds: number; peakRssMb: number }>;

/** Give this to node's `--import`, and a path in `MILLRACE_BENCH_USAGE`. */
export const USAGE_PRELOAD = fileURLToPath(new URL('../report-usage.js', import.meta.url));

const usageSchema = z
  .object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() })
  .transform(({ userCPUTime, systemCPUTime, maxRSS }) => ({
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakRssMb: maxRSS / 1024,
  }));

/** `undefined` if the process left nothing: it was killed. */
export function readUsage(path: string): Usage | undefined {
  return existsSync(path) ? usageSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}
