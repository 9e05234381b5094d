import { basename, join } from 'node:path';
import { cached, exists, shortHash } from '../cache.ts';
import { javaVersion } from '../java.ts';
import { KafkaCluster } from './kafka-cluster.ts';

const WRITTEN_WITHIN_MS = 60_000;

/**
 * Java's options to start Kafka from an archive of loaded classes, in a third of the time and of the CPU. A throwaway
 * broker writes it, once per machine.
 */
export async function archiveOptions(jars: string): Promise<readonly string[]> {
  const directory = await cached(
    `${basename(jars)}-archive-${shortHash(await javaVersion())}`,
    async (unfinished) => {
      const archive = archiveIn(unfinished);
      const broker = await KafkaCluster.start({
        jars,
        brokers: 1,
        javaOptions: [`-XX:ArchiveClassesAtExit=${archive}`],
      });
      await broker.stop('SIGTERM', WRITTEN_WITHIN_MS);
    },
  );
  const archive = archiveIn(directory);
  return (await exists(archive)) ? ['-Xshare:auto', `-XX:SharedArchiveFile=${archive}`] : [];
}

const archiveIn = (directory: string) => join(directory, 'kafka.jsa');
