import { NOTHING, plus } from '../../../src/streams/budget/amount.ts';
import type {
  DaySpending,
  HeldShare,
  SpendingRepository,
} from '../../../src/streams/budget/spending-repository.ts';

/** A book in memory. `before` comes before each of its doings, so that a test can order those of several processes. */
export class FakeSpending implements SpendingRepository {
  readonly shares = new Map<string, HeldShare>();
  readonly #before: (doing: string) => Promise<unknown>;

  constructor(before: (doing: string) => Promise<unknown> = async () => undefined) {
    this.#before = before;
  }

  async put(share: HeldShare): Promise<void> {
    await this.#before(`put ${share.holder} ${share.version}`);
    const key = `${share.day}/${share.holder}`;
    if ((this.shares.get(key)?.version ?? 0) < share.version) this.shares.set(key, share);
    await this.#before(`has put ${share.holder}`);
  }

  async total(day: string): Promise<DaySpending> {
    await this.#before(`total ${day}`);
    const shares = [...this.shares.values()].filter((share) => share.day === day);
    return {
      spent: shares.map(({ spent }) => spent).reduce(plus, NOTHING),
      held: shares.map(({ held }) => held).reduce(plus, NOTHING),
    };
  }
}
