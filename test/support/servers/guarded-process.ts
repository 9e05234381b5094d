import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { within } from '../within.ts';

const KILLED_WITHIN_MS = 30_000;

export type GuardedOptions = Readonly<{
  command: string;
  args: readonly string[];
  /** The process's working directory and what it wrote, kept until `directory` is deleted. */
  directory: string;
  logFile: string;
}>;

/** Its standard input ends when we die, however that happens: then nobody else would end the server or delete its data. */
const GUARD = 'read -r _ || { kill -9 "$1"; rm -rf -- "$2"; }';

/** A server process that never outlives this one. */
export class GuardedProcess {
  readonly #server: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(server: ChildProcess, directory: string) {
    this.#server = server;
    // In a group of its own, so that Ctrl-C reaches us alone.
    const guard = spawn('sh', ['-c', GUARD, 'guard', String(server.pid), directory], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.stdin.on('error', () => undefined);
    guard.unref();
    this.#exited = once(server, 'exit').then(() => guard.stdin.end('the server is gone\n'));
    server.unref();
  }

  static async start({ command, args, directory, logFile }: GuardedOptions): Promise<GuardedProcess> {
    const log = await open(logFile, 'a');
    try {
      const server = spawn(command, args, {
        cwd: directory,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
      await once(server, 'spawn');
      return new GuardedProcess(server, directory);
    } finally {
      await log.close();
    }
  }

  get running(): boolean {
    return this.#server.exitCode === null && this.#server.signalCode === null;
  }

  get pid(): number {
    return this.#server.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#server.kill(signal);
  }

  /** Resolves once the process is gone; after `graceMs` it is killed. */
  async end(signal: NodeJS.Signals, graceMs = 15_000): Promise<void> {
    if (!this.running) return;
    this.#server.ref();
    const timer = setTimeout(() => this.#server.kill('SIGKILL'), graceMs);
    this.#server.kill(signal);
    try {
      await within(`process ${this.pid} ends`, this.#exited, graceMs + KILLED_WITHIN_MS);
    } finally {
      clearTimeout(timer);
    }
  }
}
