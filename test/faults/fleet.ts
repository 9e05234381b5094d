import { join } from 'node:path';
import { type Child, startNode } from '../support/process/child.ts';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';

/** With calls of minutes in flight nothing here takes longer. */
const ENDS_WITHIN_MS = 120_000;
const AT_WORK_WITHIN_MS = 120_000;

export type Worker = Child & Readonly<{ number: number; data: string }>;

export type FleetOptions = Readonly<{
  directory: string;
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Stands in for Millrace's entry. */
  script: readonly string[];
}>;

/** How a worker is started, where it is not simply `millrace worker`. */
export type Start = Readonly<{
  script?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The directory of a worker before it, whose journal it stores. Default: one of its own. */
  data?: string | undefined;
}>;

/** The `millrace worker` processes of a trial. Who ends without being asked to is noticed. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #all: Worker[] = [];
  readonly #living = new Set<Worker>();
  readonly #dismissed = new Set<Worker>();
  readonly #deserted: string[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get living(): readonly Worker[] {
    return [...this.#living];
  }

  /** Those that ended by themselves, and what they said. */
  get deserted(): readonly string[] {
    return this.#deserted;
  }

  /** Starts one more. `script` stands in for Millrace's entry. */
  start({ script = this.#options.script, env = {}, data }: Start = {}): Worker {
    const { directory, flags, env: common } = this.#options;
    const number = this.#all.length;
    const own = data ?? join(directory, `worker-${number}`);
    const args = [...script, 'worker', ...flags];
    // Each has a directory, and in it a log, of its own.
    const child = startNode(args, {
      cwd: directory,
      env: { MILLRACE_DATA: own, ...common, ...env },
    });
    const worker = { ...child, number, data: own };
    this.#all.push(worker);
    this.#living.add(worker);
    void worker.exited.then(({ code, signal }) => {
      this.#living.delete(worker);
      if (this.#dismissed.has(worker)) return;
      this.#deserted.push(`worker ${number} ended with ${code ?? signal}: ${worker.stderr().slice(-1_000)}`);
    });
    return worker;
  }

  /** Resolves once it has partitions of every stage. */
  async startAtWork(start: Start = {}): Promise<Worker> {
    const worker = this.start(start);
    await until(`worker ${worker.number} is ready`, () => this.#isReady(worker), AT_WORK_WITHIN_MS);
    return worker;
  }

  async #isReady(worker: Worker): Promise<boolean> {
    if (!this.#living.has(worker)) throw new Error(`worker ${worker.number} ended: ${worker.stderr()}`);
    const address = /health\b.* at (http\S+)/.exec(worker.stderr())?.[1];
    if (address === undefined) return false;
    const response = await fetch(`${address}/readyz`).catch(() => undefined);
    await response?.text();
    return response?.status === 200;
  }

  /** Its end is expected from now on. */
  dismiss(worker: Worker): void {
    this.#dismissed.add(worker);
  }

  /** As a process manager would: starts the worker again as often as it ends with an error. */
  async startUntilAtWork(): Promise<Worker> {
    const worker = this.start();
    this.dismiss(worker);
    const ready = until(
      `worker ${worker.number} is ready`,
      () => this.#isReadyOrGone(worker),
      AT_WORK_WITHIN_MS,
    );
    return (await ready) === 'ready' ? worker : this.startUntilAtWork();
  }

  async #isReadyOrGone(worker: Worker): Promise<'ready' | 'gone' | false> {
    if (!this.#living.has(worker)) return 'gone';
    return (await this.#isReady(worker).catch(() => false)) && 'ready';
  }

  /** Sends the signal and waits for the end. */
  async end(worker: Worker, signal: NodeJS.Signals): Promise<number | null> {
    this.dismiss(worker);
    worker.kill(signal);
    const { code } = await within(`worker ${worker.number} ends on ${signal}`, worker.exited, ENDS_WITHIN_MS);
    return code;
  }

  /** SIGTERM to all; the exit codes. */
  async endAll(): Promise<readonly (number | null)[]> {
    return Promise.all(this.living.map((worker) => this.end(worker, 'SIGTERM')));
  }

  /** What each has said, for a person who looks for the cause of a failure. */
  said(): string {
    return this.#all
      .map((worker) => `--- worker ${worker.number} (${worker.pid}):\n${worker.stderr()}${worker.stdout()}`)
      .join('\n');
  }
}
