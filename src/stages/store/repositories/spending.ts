import { z } from 'zod';
import { NOTHING } from '../../../streams/budget/amount.ts';
import type {
  DaySpending,
  HeldShare,
  SpendingRepository,
} from '../../../streams/budget/spending-repository.ts';
import { readStored } from '../table/read-stored.ts';
import { put, type Tables, tableOf } from '../table/table.ts';

/** What one process took of one day, by `day/holder`. */
const SPENDING = tableOf('spending', {
  ...{ id: 'text', day: 'text', holder: 'text', version: 'number' },
  ...{ spentTokens: 'number', spentUsd: 'number', heldTokens: 'number', heldUsd: 'number' },
});

const sumsRow = z
  .object({ spentTokens: z.number(), spentUsd: z.number(), heldTokens: z.number(), heldUsd: z.number() })
  .transform(
    ({ spentTokens, spentUsd, heldTokens, heldUsd }): DaySpending => ({
      spent: { tokens: spentTokens, costUsd: spentUsd },
      held: { tokens: heldTokens, costUsd: heldUsd },
    }),
  );

/** What was taken of each day: a row per process. */
export class Spending implements SpendingRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async put({ day, holder, version, spent, held }: HeldShare): Promise<void> {
    const sums = { spentTokens: spent.tokens, spentUsd: spent.costUsd };
    const row = { ...sums, heldTokens: held.tokens, heldUsd: held.costUsd };
    const share = { id: `${day}/${holder}`, day, holder, version, ...row };
    await this.#tables.write([put(SPENDING, share, { version: { lt: version } })]);
  }

  async total(day: string): Promise<DaySpending> {
    const sums = ['spentTokens', 'spentUsd', 'heldTokens', 'heldUsd'] as const;
    const [row] = await this.#tables.tally(SPENDING, { where: { day }, by: [], sums });
    return row === undefined ? { spent: NOTHING, held: NOTHING } : readStored(sumsRow, row);
  }
}
