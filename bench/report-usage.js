// Preloaded with `--import` into a measured process: leaves behind what the process used, for its starter to read.
// Plain JavaScript, because TypeScript would load node's type stripper into a process that may not need it: 17 MB.
import { writeFileSync } from 'node:fs';

const path = process.env.MILLRACE_BENCH_USAGE;
if (path !== undefined)
  process.on('exit', () => writeFileSync(path, JSON.stringify(process.resourceUsage())));
