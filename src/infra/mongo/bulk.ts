import { classifyMongo } from './mongo-failure.ts';

const LINGER_MS = 2;
const MAX_ITEMS = 500;

type Waiting<Item, Result> = Readonly<{
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}>;

/**
 * Writes that arrive within milliseconds go to the server together: single writes are an order of magnitude slower.
 * One bulk is on its way at a time; what comes meanwhile makes up the next. `write` answers one result per item, in
 * order; if it fails, the whole bulk fails, and every caller repeats its own part.
 */
export class Bulk<Item, Result> {
  readonly #doing: string;
  readonly #write: (items: readonly Item[]) => Promise<readonly Result[]>;
  #waiting: Waiting<Item, Result>[] = [];
  #state: 'idle' | 'scheduled' | 'writing' = 'idle';

  constructor(doing: string, write: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#doing = doing;
    this.#write = write;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#state !== 'idle') return;
      this.#state = 'scheduled';
      setTimeout(() => void this.#flush(), LINGER_MS);
    });
  }

  async #flush(): Promise<void> {
    this.#state = 'writing';
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MAX_ITEMS);
      this.#waiting = this.#waiting.slice(MAX_ITEMS);
      await this.#writeBatch(batch);
    }
    this.#state = 'idle';
  }

  async #writeBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#write(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(classifyMongo(new Error('no result'), this.#doing));
        else resolve(result);
      });
    } catch (error) {
      const failure = classifyMongo(error, this.#doing);
      for (const { reject } of batch) reject(failure);
    }
  }
}
