import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startLlm, type TestLlm } from '../../support/llm/scripted-llm-process.ts';
import type { ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import { type Child, startNode } from '../../support/process/child.ts';
import { type Ended, ended, MAIN } from '../../support/process/millrace.ts';
import { writeQuestions } from '../../support/run/question-files.ts';
import { type StatusCount, untilStatusIn } from '../../support/run/until-status.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

/** A dead member leaves its group within seconds, and nobody waits long for its partitions. */
const SOON = { MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '6000' };

/** Where one worker after the other dies, and the next can go on no sooner than it is given up. */
export const AT_ONCE = { MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '3000', MILLRACE_LEASE_MS: '3000' };

export const SLOW_MS = 600_000;

/** Questions, a model server, and the commands of Millrace on Kafka and MongoDB in a namespace of its own. */
export class WorkerRig {
  readonly dir: string;
  readonly data: string;
  readonly llm: TestLlm;
  readonly namespace = `e2e-${randomUUID()}`;
  readonly #file: string;
  readonly #where: readonly string[];
  readonly #untilStatus: (wanted: StatusCount) => Promise<void>;

  private constructor(dir: string, file: string, llm: TestLlm, where: readonly string[], mongo: string) {
    this.dir = dir;
    this.data = join(dir, 'data');
    this.llm = llm;
    this.#file = file;
    this.#where = [...where, '--data', this.data, '--namespace', this.namespace];
    this.#untilStatus = untilStatusIn(mongo, this.namespace);
  }

  static async open(
    servers: Readonly<{ kafka: string; mongo: string }>,
    questions: number,
    script: ScriptInput,
  ): Promise<WorkerRig> {
    const dir = await tempDir();
    const file = await writeQuestions(dir, questions);
    const where = ['--kafka', servers.kafka, '--mongo', servers.mongo];
    const rig = new WorkerRig(dir, file, await startLlm(script), where, servers.mongo);
    await rig.done('topics', 'create', '--partitions', '2');
    await rig.done('ingest', file);
    return rig;
  }

  start(...args: readonly string[]): Child {
    return this.startNode([MAIN, ...args]);
  }

  /** A script that runs a command. */
  startNode(args: readonly string[], more: Readonly<Record<string, string>> = {}): Child {
    const env = { OPENAI_BASE_URL: this.llm.url, MILLRACE_PARTITIONS: '2', ...SOON, ...more };
    return startNode([...args, ...this.#where], { cwd: this.dir, env });
  }

  command(...args: readonly string[]): Promise<Ended> {
    return ended(this.start(...args));
  }

  /** A command that has to succeed. */
  async done(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.command(...args);
    if (code !== 0) throw new RangeError(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async worker(...args: readonly string[]): Promise<Child> {
    const child = this.start('worker', ...args);
    await until('the worker is at work', () => child.stderr().includes('At work'), SLOW_MS);
    return child;
  }

  /** Resolves once so many questions stand there. */
  untilStatus(status: string, count: number): Promise<void> {
    return this.#untilStatus({ status, count });
  }

  get file(): string {
    return this.#file;
  }
}
