import type {
  DeadLetterQuery,
  DeadLetterRepository,
  SeenTaking,
} from '../../stages/store/dead-letter-repository.ts';
import type { StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import { LEASE_MS } from '../../streams/work/leases.ts';
import type { Token } from '../../streams/work/work.ts';

export const LOOK_MS = 1_000;

type Sighting = SeenTaking & Readonly<{ sinceMs: number; lastMs: number }>;

/**
 * Dead letters that another operator took. They are abandoned once this process itself saw token and renewal unchanged for a
 * whole lease on its own monotonic clock; clocks are never compared, and time in which it could not look does not count.
 */
export class AbandonedDeadLetters {
  readonly #deadLetters: DeadLetterRepository;
  readonly #by: Token;
  readonly #seen = new Map<string, Sighting | undefined>();

  constructor(deadLetters: DeadLetterRepository, by: Token) {
    this.#deadLetters = deadLetters;
    this.#by = by;
  }

  get count(): number {
    return this.#seen.size;
  }

  add(id: string): void {
    this.#seen.set(id, undefined);
  }

  /** Looks again: forgets what its taker has sent, and answers what was abandoned and is ours now. */
  async look(query: DeadLetterQuery, nowMs: number): Promise<readonly StoredDeadLetter[]> {
    const existing = new Set<string>();
    const abandoned = new Map<string, { seen: SeenTaking; ids: string[] }>();
    for await (const { id, life } of this.#deadLetters.list({ ...query, lives: ['redriving'] })) {
      if (life.kind !== 'redriving' || !this.#seen.has(id)) continue;
      existing.add(id);
      if (!this.#isUnchanged(id, life, nowMs)) continue;
      const { by, renewal } = life;
      const name = `${by} ${renewal}`;
      const group = abandoned.get(name) ?? { seen: { by, renewal }, ids: [] };
      group.ids.push(id);
      abandoned.set(name, group);
    }
    for (const id of this.#seen.keys()) if (!existing.has(id)) this.#seen.delete(id);
    const taken: StoredDeadLetter[] = [];
    for (const { seen, ids } of abandoned.values()) taken.push(...(await this.#take(seen, ids)));
    return taken;
  }

  async #take(seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredDeadLetter[]> {
    const taken = await this.#deadLetters.takeOver(this.#by, seen, ids);
    for (const { id } of taken) this.#seen.delete(id);
    return taken;
  }

  #isUnchanged(id: string, { by, renewal }: SeenTaking, nowMs: number): boolean {
    const before = this.#seen.get(id);
    const same = before?.by === by && before.renewal === renewal;
    const late = before !== undefined && nowMs - before.lastMs > LEASE_MS / 2;
    const sinceMs = same && !late ? before.sinceMs : nowMs;
    this.#seen.set(id, { by, renewal, sinceMs, lastMs: nowMs });
    return nowMs - sinceMs >= LEASE_MS;
  }
}
