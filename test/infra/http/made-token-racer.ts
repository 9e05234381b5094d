import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { madeToken } from '../../../src/infra/http/made-token.ts';

/** A thread that asks for the token of each directory in the very moment in which the others do. */
const { racers, directories, gate } = z
  .object({
    racers: z.number(),
    directories: z.array(z.string()),
    gate: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);
const arrived = new Int32Array(gate);
const tokens = directories.map((data, round) => {
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < racers * (round + 1));
  return madeToken(data);
});
parentPort?.postMessage(tokens);
