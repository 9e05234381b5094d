import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { LookUpRepository } from '../../../stages/store/look-up-repository.ts';
import { canonical } from '../../../stages/text/canonical-json.ts';

/** What is looked up: equal ones are made once, and kept so many days. */
export type LookUpRequest = Readonly<{ tool: string; version: string; args: unknown; days: number }>;

export type LookUpResult<T> = Readonly<{ value: T; sources: readonly string[] }>;

type Kept = Pick<LookUpRepository, 'find' | 'keep'>;

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Look-ups that are shared by everybody who asks the same. The first that is stored counts for whoever asks later; within a process equal
 * ones run once.
 */
export class LookUpCache {
  readonly #lookUps: Kept | undefined;
  readonly #now: () => number;
  readonly #running = new Map<string, Promise<unknown>>();

  /** @param lookUps absent: nothing is kept beyond this moment. */
  constructor(lookUps?: Kept, now: () => number = Date.now) {
    this.#lookUps = lookUps;
    this.#now = now;
  }

  /** Rejects as `make` does: what failed is never kept. */
  async through<T>(
    of: LookUpRequest,
    schema: z.ZodType<T>,
    make: () => Promise<LookUpResult<T>>,
  ): Promise<Readonly<{ value: T; cached: boolean }>> {
    const key = lookUpKey(of);
    const kept = await this.#kept(key, schema);
    if (kept !== undefined) return { value: kept, cached: true };
    const others = this.#running.get(key);
    if (others !== undefined) {
      // Who was first may have been called off: that is no answer to this one.
      const shared = schema.safeParse(await others.catch(() => undefined)).data;
      if (shared !== undefined) return { value: shared, cached: true };
    }
    const made = make();
    const running = made.then(({ value }) => value);
    this.#running.set(key, running);
    const ends = () => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    };
    // Whoever asked has it at once: what was paid for waits for no store, and is lost by none that is away.
    void made.then((brought) => this.#keep(key, of, brought)).then(ends, ends);
    return { value: await running, cached: false };
  }

  async #kept<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const kept = await this.#lookUps?.find(key, this.#now());
    return kept === undefined ? undefined : schema.safeParse(kept).data;
  }

  async #keep<T>(
    key: string,
    { tool, days }: LookUpRequest,
    { value: body, sources }: LookUpResult<T>,
  ): Promise<void> {
    const atMs = this.#now();
    await this.#lookUps?.keep({ key, tool, atMs, untilMs: atMs + days * DAY_MS, sources, body });
  }
}

/** Names a look-up by the tool, its version and what it is asked, in whatever order that was written. */
export function lookUpKey({ tool, version, args }: LookUpRequest): string {
  return hash('sha256', canonical([tool, version, args]));
}
