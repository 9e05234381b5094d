import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { until } from '../until.ts';
import { within } from '../within.ts';
import { exists } from './cache.ts';
import type { Cluster } from './cluster.ts';
import { freePorts } from './free-ports.ts';
import { GuardedProcess } from './guarded-process.ts';

/** Memory instead of a disk: mongod waits for its disk at every write of a majority. */
const MEMORY = '/dev/shm';
const REPLICA_SET = 'rs0';
const READY_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;

export type MongoClusterOptions = Readonly<{ mongod: string; members: number }>;

type Member = Readonly<{ port: number; directory: string }>;

/** A replica set as processes of this machine; its data are gone after `stop`. */
export class MongoCluster implements Cluster {
  readonly address: string;
  readonly #mongod: string;
  readonly #directory: string;
  readonly #members: readonly Member[];
  readonly #processes = new Map<Member, GuardedProcess>();

  private constructor(mongod: string, directory: string, members: readonly Member[]) {
    this.#mongod = mongod;
    this.#directory = directory;
    this.#members = members;
    this.address = `mongodb://${members.map(hostOf).join(',')}/?replicaSet=${REPLICA_SET}`;
  }

  /** Resolves once one member is the primary and the others follow it. */
  static async start({ mongod, members: count }: MongoClusterOptions): Promise<MongoCluster> {
    const root = (await exists(MEMORY)) ? MEMORY : tmpdir();
    const directory = await mkdtemp(join(root, 'millrace-test-mongo-'));
    const ports = await freePorts(count);
    const members = ports.map((port, index) => ({ port, directory: join(directory, `member-${index}`) }));
    const cluster = new MongoCluster(mongod, directory, members);
    try {
      await Promise.all(members.map((member) => cluster.#launch(member)));
      await Promise.all(members.map((member) => cluster.#answers(member)));
      await cluster.#initiate();
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
    return this.#members.length;
  }

  get ports(): readonly number[] {
    return this.#members.map(({ port }) => port);
  }

  /** The number of the member that is the primary now. */
  async primary(): Promise<number> {
    const look = async () => {
      const replies = await Promise.all(this.#members.map((member) => ask(member, { hello: 1 })));
      const primary = replies.findIndex((reply) => reply?.['isWritablePrimary'] === true);
      return primary < 0 ? undefined : { primary };
    };
    return (await until('there is a primary', look, READY_WITHIN_MS)).primary;
  }

  async kill(node = 0): Promise<void> {
    await this.#processes.get(this.#member(node))?.end('SIGKILL');
  }

  async restart(node = 0): Promise<void> {
    await this.#launch(this.#member(node));
    await this.#takesPart(this.#member(node));
  }

  freeze(node = 0): void {
    this.#processes.get(this.#member(node))?.signal('SIGSTOP');
  }

  thaw(node = 0): void {
    this.#processes.get(this.#member(node))?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((process) => process.end('SIGKILL')));
    await rm(this.#directory, { recursive: true, force: true });
  }

  #member(index: number): Member {
    const member = this.#members[index];
    if (member === undefined) throw new Error(`there is no mongod ${index}`);
    return member;
  }

  async #initiate(): Promise<void> {
    const [first] = this.#members;
    if (first === undefined) throw new Error('a replica set needs a member');
    const members = this.#members.map((member, _id) => ({ _id, host: hostOf(member) }));
    const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200 };
    await ask(first, { replSetInitiate: { _id: REPLICA_SET, members, settings } });
    await this.primary();
    await Promise.all(this.#members.map((member) => this.#takesPart(member)));
  }

  async #launch(member: Member): Promise<void> {
    await mkdir(member.directory, { recursive: true });
    const process = await GuardedProcess.start({
      command: this.#mongod,
      args: [
        ...['--dbpath', member.directory, '--port', String(member.port), '--bind_ip', '127.0.0.1'],
        ...[
          '--nounixsocket',
          '--replSet',
          REPLICA_SET,
          '--oplogSize',
          '256',
          '--wiredTigerCacheSizeGB',
          '0.5',
        ],
        // Tests can then provoke errors of the server, and see a TTL index at work.
        ...['--setParameter', 'enableTestCommands=1', '--setParameter', 'ttlMonitorSleepSecs=1'],
        ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
      ],
      directory: this.#directory,
      logFile: `${member.directory}.log`,
    });
    this.#processes.set(member, process);
  }

  async #answers(member: Member): Promise<void> {
    await this.#waitFor(member, `mongod answers on port ${member.port}`, () => true);
  }

  async #takesPart(member: Member): Promise<void> {
    await this.#waitFor(
      member,
      `mongod on port ${member.port} is a primary or a secondary`,
      (reply) => reply['isWritablePrimary'] === true || reply['secondary'] === true,
    );
  }

  async #waitFor(member: Member, what: string, met: (reply: Document) => boolean): Promise<void> {
    await until(
      what,
      async () => {
        if (this.#processes.get(member)?.running !== true)
          throw new Error(
            `mongod ended:\n${(await readFile(`${member.directory}.log`, 'utf8')).slice(-2_000)}`,
          );
        const reply = await ask(member, { hello: 1 });
        return reply !== undefined && met(reply);
      },
      READY_WITHIN_MS,
    );
  }
}

const hostOf = ({ port }: Member) => `127.0.0.1:${port}`;

/** One command to one member; `undefined` if it cannot be reached. */
async function ask(member: Member, command: Document): Promise<Document | undefined> {
  const client = new MongoClient(`mongodb://${hostOf(member)}`, {
    directConnection: true,
    serverSelectionTimeoutMS: 500,
    connectTimeoutMS: ANSWER_WITHIN_MS,
    // It may take connections and answer nothing.
    socketTimeoutMS: ANSWER_WITHIN_MS,
    waitQueueTimeoutMS: ANSWER_WITHIN_MS,
  });
  try {
    return await client.db('admin').command(command);
  } catch {
    return undefined;
  } finally {
    await within(`the connection to ${hostOf(member)} closes`, client.close());
  }
}
