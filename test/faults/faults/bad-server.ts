import type { Cluster } from '../../support/servers/cluster.ts';
import { type Fault, lasting } from './fault.ts';

/** SIGKILL to a node of a server; it is started again after a while. */
export class KillNode implements Fault {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #node: () => Promise<number>;
  readonly #downMs: number;

  constructor(name: string, cluster: Cluster, downMs: number, node = async () => 0) {
    this.name = name;
    this.#cluster = cluster;
    this.#downMs = downMs;
    this.#node = node;
  }

  async strike(): Promise<void> {
    const node = await this.#node();
    await this.#cluster.kill(node);
    await lasting(this.#downMs);
    await this.#cluster.restart(node);
  }
}

/** SIGSTOP to a node for a while: its connections stay, and nothing answers. */
export class FreezeNode implements Fault {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #frozenMs: number;

  constructor(name: string, cluster: Cluster, frozenMs: number) {
    this.name = name;
    this.#cluster = cluster;
    this.#frozenMs = frozenMs;
  }

  async strike(): Promise<void> {
    this.#cluster.freeze();
    await lasting(this.#frozenMs);
    this.#cluster.thaw();
  }
}
