import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { patchRequestQueue } from '../../../../src/infra/engines/kafka/patches/request-queue-patch.ts';
import { until } from '../../until.ts';
import type { Cluster } from '../cluster.ts';
import { freePorts } from '../free-ports.ts';
import { GuardedProcess } from '../guarded-process.ts';
import { JAVA } from '../java.ts';
import { runTool } from '../run-tool.ts';
import { javaArgs } from './kafka-jars.ts';
import { certificateIn, makeCertificate, scramUsers } from './kafka-security.ts';
import { type KafkaNode, kafkaSettings } from './kafka-settings.ts';

const HEAP_MB = 384;
const READY_WITHIN_MS = 90_000;

export type KafkaClusterOptions = Readonly<{
  jars: string;
  brokers: number;
  javaOptions: readonly string[];
  /** Ports of proxies, one per broker, by which some clients come. */
  proxies?: readonly number[];
  /** One more way in, by TLS and with a login. */
  secured?: boolean;
}>;

/** Brokers as processes of this machine, each a controller too; their data are gone after `stop`. */
export class KafkaCluster implements Cluster {
  readonly address: string;
  readonly #options: KafkaClusterOptions;
  readonly #directory: string;
  readonly #nodes: readonly KafkaNode[];
  readonly #processes = new Map<KafkaNode, GuardedProcess>();

  private constructor(options: KafkaClusterOptions, directory: string, nodes: readonly KafkaNode[]) {
    this.#options = options;
    this.#directory = directory;
    this.#nodes = nodes;
    this.address = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  }

  /** Resolves once every broker knows every other. */
  static async start(options: KafkaClusterOptions): Promise<KafkaCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-test-kafka-'));
    const ports = await freePorts(4 * options.brokers);
    const keyStore = options.secured === true ? await makeCertificate(directory) : undefined;
    const nodes = Array.from({ length: options.brokers }, (_, index) => {
      const [port = 0, controllerPort = 0, frontPort = 0, securedPort = 0] = ports.slice(4 * index);
      const proxyPort = options.proxies?.[index];
      return {
        ...{ id: index + 1, port, controllerPort, directory: join(directory, `node-${index}`) },
        ...(proxyPort === undefined ? {} : { front: { port: frontPort, proxyPort } }),
        ...(keyStore === undefined ? {} : { secured: { port: securedPort, keyStore } }),
      };
    });
    const cluster = new KafkaCluster(options, directory, nodes);
    try {
      await cluster.#format();
      await Promise.all(nodes.map((node) => cluster.#launch(node)));
      await Promise.all(nodes.map((node) => cluster.#serves(node)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The processes of those that run. */
  get pids(): readonly number[] {
    return [...this.#processes.values()].map(({ pid }) => pid);
  }

  get nodes(): number {
    return this.#nodes.length;
  }

  /** Where the brokers keep their partitions, one directory each. */
  get dataDirectories(): readonly string[] {
    return this.#nodes.map(({ directory }) => join(directory, 'data'));
  }

  /** Where the proxies have to lead, one port per broker. */
  behindProxy(): readonly number[] {
    return this.#nodes.flatMap(({ front }) => (front === undefined ? [] : [front.port]));
  }

  /** Where clients come by TLS and with a login, and the file with the certificate that they must trust. */
  get secured(): Readonly<{ address: string; caFile: string }> {
    const ports = this.#nodes.flatMap(({ secured }) => (secured === undefined ? [] : [secured.port]));
    const address = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return { address, caFile: certificateIn(this.#directory) };
  }

  async kill(node = 0): Promise<void> {
    await this.#processes.get(this.#node(node))?.end('SIGKILL');
  }

  async restart(node = 0): Promise<void> {
    await this.#launch(this.#node(node));
    await this.#serves(this.#node(node));
  }

  freeze(node = 0): void {
    this.#processes.get(this.#node(node))?.signal('SIGSTOP');
  }

  thaw(node = 0): void {
    this.#processes.get(this.#node(node))?.signal('SIGCONT');
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL', graceMs = 15_000): Promise<void> {
    await Promise.all([...this.#processes.values()].map((process) => process.end(signal, graceMs)));
    await rm(this.#directory, { recursive: true, force: true });
  }

  #node(index: number): KafkaNode {
    const node = this.#nodes[index];
    if (node === undefined) throw new Error(`there is no broker ${index}`);
    return node;
  }

  async #format(): Promise<void> {
    const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
    const { jars, javaOptions, secured = false } = this.#options;
    for (const node of this.#nodes) {
      await mkdir(node.directory);
      const settings = join(node.directory, 'server.properties');
      await writeFile(settings, kafkaSettings(this.#nodes, node));
      const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings];
      if (secured) format.push(...scramUsers());
      await runTool(JAVA, [...javaArgs(jars, 128, javaOptions), ...format]);
    }
  }

  async #launch(node: KafkaNode): Promise<void> {
    const { jars, javaOptions } = this.#options;
    const process = await GuardedProcess.start({
      command: JAVA,
      args: [
        ...javaArgs(jars, HEAP_MB, javaOptions),
        'kafka.Kafka',
        join(node.directory, 'server.properties'),
      ],
      directory: this.#directory,
      logFile: logOf(node),
    });
    this.#processes.set(node, process);
  }

  /** Waits until the broker itself says that all living brokers are there. */
  async #serves(node: KafkaNode): Promise<void> {
    await until(
      `Kafka serves on port ${node.port}`,
      async () => {
        const living = [...this.#processes.values()].filter(({ running }) => running).length;
        if (this.#processes.get(node)?.running !== true)
          throw new Error(`Kafka ended:\n${await tailOf(node)}`);
        return (await brokersSeenBy(node)) >= living;
      },
      READY_WITHIN_MS,
    );
  }
}

const logOf = (node: KafkaNode) => join(node.directory, 'broker.log');

async function tailOf(node: KafkaNode): Promise<string> {
  return (await readFile(logOf(node), 'utf8')).slice(-2_000);
}

async function brokersSeenBy({ port }: KafkaNode): Promise<number> {
  patchRequestQueue();
  const admin = new kafkajs.Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } catch {
    return 0;
  } finally {
    await admin.disconnect();
  }
}
