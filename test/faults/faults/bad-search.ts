import type { SearchServer } from '../../support/web/search-server.ts';
import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

/** The web search refuses everybody for a while. */
export class BadSearch implements Fault {
  readonly name: string;
  readonly #search: SearchServer;
  readonly #status: number;
  readonly #lastsMs: number;
  readonly #healthy: Parameters<SearchServer['answers']>[0];

  /** @param healthy what it answers afterwards. */
  constructor(
    search: SearchServer,
    status: number,
    lastsMs: number,
    healthy: Parameters<SearchServer['answers']>[0],
  ) {
    this.name = `the web search answers ${status}`;
    this.#search = search;
    this.#status = status;
    this.#lastsMs = lastsMs;
    this.#healthy = healthy;
  }

  async strike(trial: Trial): Promise<void> {
    // What fails here is no call of the model.
    trial.allowUnseen();
    this.#search.answers(() => ({ status: this.#status, body: '' }));
    await lasting(this.#lastsMs);
    this.#search.answers(this.#healthy);
  }
}
