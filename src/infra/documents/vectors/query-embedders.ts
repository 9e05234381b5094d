import type { LookUpRepository } from '../../../stages/store/look-up-repository.ts';
import type { Budget } from '../../../streams/budget/budget.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import type { Settings } from '../../config/settings.ts';
import { LookUpCache } from '../../tools/cache/look-up-cache.ts';
import { PaidLookUps } from '../../tools/cache/paid-look-ups.ts';
import type { Embedder } from './embedder.ts';
import { openEmbedder, wantedSpaceOf } from './open-embedder.ts';
import type { AskedWithin, QueryEmbedding } from './query-embedding.ts';
import type { VectorSpace } from './vector-index.ts';

/** Who makes vectors of queries in a process: one for each server that vectors were made at. A server that is away is waited for. */
export class QueryEmbedders implements QueryEmbedding {
  readonly #settings: Settings;
  readonly #own: Embedder;
  readonly #others = new Map<string, Promise<Embedder>>();
  readonly #paid: PaidLookUps | undefined;
  #budget: Budget | undefined;

  /** Where vectors are kept for whoever asks the same. */
  readonly kept: LookUpCache;

  private constructor(settings: Settings, own: Embedder, lookUps: LookUpRepository | undefined) {
    this.#settings = settings;
    this.#own = own;
    this.#paid = lookUps && new PaidLookUps(lookUps);
    this.kept = new LookUpCache(this.#paid);
  }

  /**
   * Rejects with a Failure (`bad_setting`) for an endpoint that cannot work.
   *
   * @param lookUps absent: no vector is kept.
   */
  static async open(settings: Settings, lookUps?: LookUpRepository): Promise<QueryEmbedders> {
    return new QueryEmbedders(settings, await openEmbedder(settings, { patient: true }), lookUps);
  }

  get gate(): EndpointGate {
    return this.#own.gate;
  }

  async of(space: VectorSpace): Promise<Embedder> {
    const { address, model } = wantedSpaceOf(this.#settings) ?? {};
    if (space.address === address && space.model === model) return this.#own;
    const key = `${space.model} ${space.address}`;
    const opening = this.#others.get(key) ?? this.#open(space);
    this.#others.set(key, opening);
    return opening;
  }

  within({ budget, unsaved, stop }: AskedWithin): void {
    this.#budget = budget;
    this.#own.countIn(budget);
    this.#paid?.through(unsaved, stop);
    stop.draining.addEventListener('abort', () => void this.close(), { once: true });
  }

  async close(): Promise<void> {
    this.#own.close();
    for (const each of this.#others.values()) (await each.catch(() => undefined))?.close();
  }

  async #open(space: VectorSpace): Promise<Embedder> {
    const embedder = await openEmbedder(this.#settings, { patient: true, space });
    if (this.#budget !== undefined) embedder.countIn(this.#budget);
    return embedder;
  }
}
