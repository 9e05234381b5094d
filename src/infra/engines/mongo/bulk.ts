import { Failure } from '../../../streams/failure.ts';
import { operation } from './operation.ts';

const MAX_ITEMS = 500;
const MAX_IN_FLIGHT = 2;

type Waiting<Item, Result> = Readonly<{
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}>;

/**
 * Writes that arrive together go to the server together: single writes are an order of magnitude slower. A few bulks
 * are on their way at a time; what comes meanwhile makes up the next, so a busy server gets larger bulks and an idle one
 * waits for nobody. `write` answers one result per item, in order, and is safe to repeat.
 */
export class Bulk<Item, Result> {
  readonly #doing: string;
  readonly #write: (items: readonly Item[]) => Promise<readonly Result[]>;
  #waiting: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(doing: string, write: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#doing = doing;
    this.#write = write;
  }

  /** Rejects with a Failure, for this item alone if the item is what the server refuses. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= MAX_IN_FLIGHT || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // Callers that act on the same answer from the server join this batch.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.slice(0, MAX_ITEMS);
    this.#waiting = this.#waiting.slice(MAX_ITEMS);
    this.#inFlight += 1;
    this.#schedule();
    await this.#settle(batch);
    this.#inFlight -= 1;
    this.#schedule();
  }

  async #settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await operation(this.#doing, () => this.#write(batch.map(({ item }) => item)));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined)
          reject(
            new Failure('outage', 'mongo_unexpected', `MongoDB: ${this.#doing} failed: no result came.`),
          );
        else resolve(result);
      }
    } catch (error) {
      if (batch.length > 1 && error instanceof Failure && error.kind === 'poison') await this.#halve(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** One item is refused: its neighbours must not die of it. */
  async #halve(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    await this.#settle(batch.slice(0, middle));
    await this.#settle(batch.slice(middle));
  }
}
