import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, shortHash } from '../cache.ts';
import { JAVA, javaVersion } from '../java.ts';
import { runTool } from '../run-tool.ts';

const POM = join(import.meta.dirname, 'kafka-pom.xml');
const LOG_SETTINGS = join(import.meta.dirname, 'kafka-log4j2.yaml');

/** Kafka's jars, fetched once by Maven from wherever this machine's Maven fetches. Throws Unavailable. */
export async function kafkaJars(): Promise<string> {
  await javaVersion();
  return cached(`kafka-${shortHash(await readFile(POM))}`, async (directory) => {
    await runTool(
      'mvn',
      [
        '-B',
        '-q',
        '-f',
        POM,
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        `-DoutputDirectory=${directory}`,
      ],
      { env: { MAVEN_OPTS: '-Xmx256m', ...process.env } },
    );
  });
}

/** The arguments of Java to run a class of Kafka; `more` go before the class path. */
export function javaArgs(jars: string, heapMb: number, more: readonly string[]): readonly string[] {
  return [
    '-Xms64m',
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    ...more,
    '-cp',
    join(jars, '*'),
    `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
  ];
}

/** Runs one of Kafka's own command line tools to its end and gives what it printed. */
export async function kafkaTool(mainClass: string, args: readonly string[], input?: string): Promise<string> {
  const jars = await kafkaJars();
  return runTool(
    JAVA,
    [...javaArgs(jars, 128, []), mainClass, ...args],
    input === undefined ? {} : { input },
  );
}
