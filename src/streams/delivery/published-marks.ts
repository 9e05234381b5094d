import type { WorkId, WorkStore } from '../work/work.ts';

const FLUSH_MS = 1_000;
const FLUSH_COUNT = 500;

/**
 * Marks works as published, late and in bulk: a mark that is lost costs one duplicate record, which the next stage
 * drops by its work id.
 */
export class PublishedMarks {
  readonly #store: WorkStore<unknown>;
  #pending: WorkId[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushed: Promise<void> = Promise.resolve();

  constructor(store: WorkStore<unknown>) {
    this.#store = store;
  }

  add(workId: WorkId): void {
    this.#pending.push(workId);
    if (this.#pending.length >= FLUSH_COUNT) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Resolves when every mark that was added is written, or was lost. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const workIds = this.#pending;
    this.#pending = [];
    if (workIds.length > 0)
      this.#flushed = this.#flushed.then(() => this.#store.markPublished(workIds)).catch(() => undefined);
    return this.#flushed;
  }
}
