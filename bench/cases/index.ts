import type { BenchCase } from '../bench-case.ts';
import { arrivals } from './arrivals.ts';
import { backlog } from './backlog.ts';
import { disk } from './disk.ts';
import { distributedBacklog } from './distributed-backlog.ts';
import { distributedDisk } from './distributed-disk.ts';
import { distributedLatency } from './distributed-latency.ts';
import { distributedSources } from './distributed-sources.ts';
import { faults } from './faults.ts';
import { grounded } from './grounded.ts';
import { journal } from './journal.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { page } from './page.ts';
import { pdf } from './pdf.ts';
import { rate } from './rate.ts';
import { reading } from './reading.ts';
import { scaling } from './scaling.ts';
import { sources } from './sources.ts';
import { start } from './start.ts';
import { steps } from './steps.ts';
import { stream } from './stream.ts';
import { throughput } from './throughput.ts';

/** All cases; those on Kafka and MongoDB start both. */
export const cases: readonly BenchCase[] = [
  latency,
  throughput,
  journal,
  backlog,
  kill,
  arrivals,
  faults,
  page,
  reading,
  start,
  sources,
  pdf,
  grounded,
  steps,
  scaling,
  rate,
  disk,
  distributedDisk,
  distributedSources,
  distributedLatency,
  stream,
  distributedBacklog,
];
