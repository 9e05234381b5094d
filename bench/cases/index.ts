import type { BenchCase } from '../bench-case.ts';
import { backlog } from './backlog.ts';
import { faults } from './faults.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { throughput } from './throughput.ts';

/** All cases, in the order of the issue. */
export const cases: readonly BenchCase[] = [latency, throughput, backlog, kill, faults];
