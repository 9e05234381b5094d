import type {
  Change,
  Fields,
  Page,
  Table,
  Tables,
  Tally,
  Where,
} from '../../../../src/stages/store/table/table.ts';

export type MemoryRow = Readonly<Record<string, unknown>>;
type Rows = Map<string, MemoryRow>;

/** What an engine says of computed fields: the same as SQLite and MongoDB do. */
const COMPUTED: Readonly<Record<string, (row: MemoryRow) => MemoryRow>> = {
  desk: ({ until, reviewer }) => ({ claimedBy: String(until) > momentIn(0) ? reviewer : null }),
  workers: ({ seenAt }) => ({ age: Math.max(0, (Date.now() - Date.parse(String(seenAt))) / 1_000) }),
  questions: ({ updatedAt }) => ({ endedAt: updatedAt }),
  decisions: ({ at }) => ({ day: String(at).slice(0, 10) }),
};

/**
 * Tables in the memory of this process: what a store needs at least to carry every repository. They outlive the store that is
 * opened on them, as a file does.
 */
export class MemoryTables implements Tables {
  readonly #tables = new Map<string, Rows>();

  async get(table: Table, id: string): Promise<unknown> {
    return (await this.page(table, { where: { id } }))[0];
  }

  async page<F extends Fields, C extends Fields>(table: Table<F, C>, page: Page<F & C>) {
    const { where, order = [], reverse = false, after, limit } = page;
    const sign = reverse ? -1 : 1;
    const placeOf = (row: MemoryRow) => order.map((field) => row[field]);
    const rows = this.#passing(table, where)
      .filter((row) => after === undefined || sign * compared(placeOf(row), after) > 0)
      .toSorted((a, b) => sign * compared(placeOf(a), placeOf(b)));
    return structuredClone(rows.slice(0, limit));
  }

  async count<F extends Fields, C extends Fields>(table: Table<F, C>, where: Where<F & C>): Promise<number> {
    return this.#passing(table, where).length;
  }

  async tally<F extends Fields, C extends Fields>(table: Table<F, C>, tally: Tally<F & C>) {
    const { where, by, min, max, sums = [] } = tally;
    const groups = Map.groupBy(this.#passing(table, where), (row) =>
      JSON.stringify(by.map((field) => row[field])),
    );
    return [...groups.values()].map((rows) => {
      const sorted = (field: string) => rows.map((row) => row[field]).toSorted((a, b) => compared([a], [b]));
      return {
        ...Object.fromEntries(by.map((field) => [field, rows[0]?.[field]])),
        count: rows.length,
        ...(min === undefined ? {} : { min: sorted(min).at(0) }),
        ...(max === undefined ? {} : { max: sorted(max).at(-1) }),
        ...Object.fromEntries(
          sums.map((field) => [field, rows.reduce((all, row) => all + Number(row[field]), 0)]),
        ),
      };
    });
  }

  async write(changes: readonly Change[], about: readonly string[] = []): Promise<number> {
    if (about.some((id) => this.isForgotten(id))) return 0;
    return changes.reduce((changed, change) => changed + this.#make(change), 0);
  }

  /** The rows of a table as they stand, for what is no repository. */
  rows(name: string): Rows {
    const rows = this.#tables.get(name) ?? new Map<string, MemoryRow>();
    this.#tables.set(name, rows);
    return rows;
  }

  isForgotten(questionId: string): boolean {
    return this.rows('forgotten').has(questionId);
  }

  #make(change: Change): number {
    const rows = this.rows(change.table.name);
    if (change.kind === 'insert' || change.kind === 'put') {
      const id = String(change.row['id']);
      const standing = rows.get(id);
      if (standing !== undefined && (change.kind === 'insert' || !passes(standing, change.over))) return 0;
      rows.set(id, structuredClone(assigned({}, change.row)));
      return 1;
    }
    const met = this.#passing(change.table, change.where);
    for (const row of met)
      if (change.kind === 'remove') rows.delete(String(row['id']));
      else rows.set(String(row['id']), structuredClone({ ...row, ...assigned(row, change.set) }));
    return met.length;
  }

  #passing({ name }: Table, where: Where): MemoryRow[] {
    const rows = [...this.rows(name).values()];
    return rows
      .map((row, arrived) => ({ ...row, arrived, ...COMPUTED[name]?.(row) }))
      .filter((row) => passes(row, where));
  }
}

const momentIn = (ms: number): string => new Date(Date.now() + ms).toISOString();

function assigned(row: MemoryRow, set: MemoryRow): MemoryRow {
  const entries = Object.entries(set).map(([field, value]) => {
    if (!isObject(value)) return [field, value];
    if ('now' in value) return [field, momentIn(Number(value['now']))];
    return [field, 'add' in value ? Number(row[field]) + Number(value['add']) : value];
  });
  return Object.fromEntries(entries);
}

function passes(row: MemoryRow, { any = [], ...tests }: Where): boolean {
  return (
    Object.entries(tests).every(([field, test]) => test === undefined || isMet(row[field] ?? null, test)) &&
    any.every((some) => some.some((where) => passes(row, where)))
  );
}

function isMet(value: unknown, test: unknown): boolean {
  if (!isObject(test)) return value === test;
  if (Array.isArray(test['in'])) return test['in'].includes(value);
  if ('not' in test) return value !== test['not'] && (test['not'] === null || value !== null);
  if ('startsWith' in test) return String(value).startsWith(String(test['startsWith']));
  return (
    value !== null &&
    Object.entries(test).every(([bound, limit]) => {
      const order = compared([value], [isObject(limit) ? momentIn(Number(limit['now'])) : limit]);
      return { gt: order > 0, gte: order >= 0, lt: order < 0, lte: order <= 0 }[bound] ?? true;
    })
  );
}

/** Texts by their bytes, as both databases compare them. */
function compared(ones: readonly unknown[], others: readonly unknown[]): number {
  for (const [index, one] of ones.entries()) {
    const other = others[index];
    const order =
      typeof one === 'string'
        ? Buffer.compare(Buffer.from(one), Buffer.from(String(other)))
        : Number(one) - Number(other);
    if (order !== 0) return order;
  }
  return 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
