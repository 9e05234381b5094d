import { randomUUID } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { localKafka, localMongo } from '../../test/support/servers/local.ts';

/** A real Kafka broker and a real MongoDB replica set of one, on this machine and nobody else's. */
export type Servers = AsyncDisposable &
  Readonly<{
    kafka: string;
    mongo: string;
    /** What both have used so far; NaN where there is no `/proc`. */
    cpuSeconds(): number;
    /** Of the records in the topics of a namespace, without their indexes, which the broker allots ahead. */
    kafkaBytes(namespace: string): number;
  }>;

export async function startServers(): Promise<Servers> {
  const [kafka, mongo] = await Promise.all([localKafka(), localMongo()]);
  return {
    kafka: kafka.address,
    mongo: mongo.address,
    cpuSeconds: () => [...kafka.pids, ...mongo.pids].reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
    kafkaBytes: (namespace) =>
      kafka.dataDirectories
        .flatMap((directory) => globSync(`${directory}/${namespace}.*/*.log`))
        .reduce((sum, path) => sum + statSync(path).size, 0),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([kafka.stop(), mongo.stop()]);
    },
  };
}

const TICKS_PER_SECOND = 100;

/** User and system time of a process, in seconds; NaN where there is no `/proc`: fields 14 and 15 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
export function cpuSecondsOf(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const [user, system] = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ').slice(11, 13) ?? [];
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

/** One measurement's own topics and database on them. */
export type Site = Readonly<{ kafka: string; mongo: string; namespace: string }>;

export function newSite({ kafka, mongo }: Servers): Site {
  return { kafka, mongo, namespace: `bench-${randomUUID().slice(0, 8)}` };
}
