import type { TcpProxy } from '../../support/fakes/tcp-proxy.ts';
import type { LinkName } from '../links.ts';
import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

export type LinkFault = 'latency' | 'black hole' | 'reset' | 'refused';

const LATENCY_MS = 200;

/** The way from the workers to a server is bad for a while. */
export class BadLink implements Fault {
  readonly name: string;
  readonly #link: LinkName;
  readonly #fault: LinkFault;
  readonly #lastsMs: number;

  constructor(link: LinkName, fault: LinkFault, lastsMs: number) {
    this.name = `${fault} on the way to ${link}`;
    this.#link = link;
    this.#fault = fault;
    this.#lastsMs = lastsMs;
  }

  async strike(trial: Trial): Promise<void> {
    const link = trial.link(this.#link);
    // Calls that never reach the model server are not counted there.
    if (this.#link === 'model') trial.allowUnseen();
    this.#spoil(link);
    await lasting(this.#lastsMs);
    link.latencyMs = 0;
    if (link.state === 'open') return;
    link.state = 'open';
    // What was swallowed never comes: such connections are of no more use.
    link.reset();
  }

  #spoil(link: TcpProxy): void {
    if (this.#fault === 'latency') link.latencyMs = LATENCY_MS;
    if (this.#fault === 'black hole') link.state = 'black-hole';
    if (this.#fault === 'reset') link.reset();
    if (this.#fault === 'refused') link.refuse();
  }
}
