// Preloaded with `--import` into a measured process: leaves behind what the process used, for its starter to read.
// Plain JavaScript, because TypeScript would load node's type stripper into a process that may not need it: 17 MB.
import { readFileSync, writeFileSync } from 'node:fs';

const path = process.env.MILLRACE_BENCH_USAGE;
if (path !== undefined) process.on('exit', () => writeFileSync(path, JSON.stringify(usage())));

function usage() {
  const all = process.resourceUsage();
  return { ...all, maxRSS: peakKilobytes() ?? all.maxRSS };
}

/** Of this program: Linux begins `maxRSS` with what the process held as its starter's copy, before it became this program. */
function peakKilobytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes);
  } catch {
    return undefined;
  }
}
