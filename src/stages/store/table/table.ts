/** What a field holds, as a row is handed over; how it is kept is the engine's affair. */
type Kinds = {
  text: string;
  /** One of a few words of ours, which may stand in a statement as it is. */
  word: string;
  number: number;
  flag: boolean;
  /** ISO 8601. */
  time: string;
  json: unknown;
  /** A whole number of any size, in digits. */
  whole: string;
  raw: string | Uint8Array;
};
export type Kind = keyof Kinds;
export type Fields = Readonly<Record<string, Kind>>;

/** A table by its name. Its key is the field `id`; what is computed can be asked for, and is never written. */
export type Table<F extends Fields = Fields, C extends Fields = Fields> = Readonly<{
  name: string;
  fields: F;
  computed: C;
}>;

/** A moment by the store's own clock, so many milliseconds from now. */
type Now = Readonly<{ now: number }>;

export type Row<F extends Fields> = {
  readonly [K in keyof F]: K extends 'id' ? string : Kinds[F[K]] | (F[K] extends 'time' ? Now : never) | null;
};

type Bound<V> = V | Now;
type Test<V> =
  | V
  | null
  | Readonly<{ in: readonly V[] }>
  | Readonly<{ not: V | null }>
  | Readonly<{ startsWith: string }>
  | Readonly<{ gt?: Bound<V>; gte?: Bound<V>; lt?: Bound<V>; lte?: Bound<V> }>;

/** Every test holds, and of each list in `any` one at least. A test that is `undefined` is none; null passes `null` alone. */
export type Where<F extends Fields = Fields> = { readonly [K in keyof F]?: Test<Kinds[F[K]]> | undefined } & {
  readonly any?: readonly (readonly Where<F>[])[];
};

type Assignment<V> = V | null | Now | Readonly<{ add: number }>;
export type Assignments<F extends Fields> = { readonly [K in keyof F]?: Assignment<Kinds[F[K]]> };

/** Rows in the order of some fields; `after` are those fields of the last row of the page before. */
export type Page<F extends Fields = Fields> = Readonly<{
  where: Where<F>;
  order?: readonly (keyof F & string)[];
  reverse?: boolean;
  after?: readonly unknown[] | undefined;
  limit?: number;
}>;

/** Groups by some fields; each row says these, `count`, `min` and `max` of the fields that are named, and each sum by its field's name. */
export type Tally<F extends Fields = Fields> = Readonly<{
  where: Where<F>;
  by: readonly (keyof F & string)[];
  min?: keyof F & string;
  max?: keyof F & string;
  sums?: readonly (keyof F & string)[];
}>;

/** A change to one table, of any of them: see `insert`, `put`, `update` and `remove`. */
export type Change = Readonly<{ table: Table }> &
  (
    | Readonly<{ kind: 'insert'; row: Row<Fields> }>
    | Readonly<{ kind: 'put'; row: Row<Fields>; over: Where }>
    | Readonly<{ kind: 'update'; where: Where; set: Assignments<Fields> }>
    | Readonly<{ kind: 'remove'; where: Where }>
  );

export type Removal = Extract<Change, { kind: 'remove' }>;

/**
 * What a store has to be able to do that repositories are written on. Rows come back unchecked: who asked knows their shape.
 * A write resolves once durable and never fails a neighbour's; every rejection is a Failure. Each change is safe to repeat
 * if its own words are: an `add` wants a guard that it undoes.
 */
export interface Tables {
  get(table: Table, id: string): Promise<unknown>;
  page<F extends Fields, C extends Fields>(
    table: Table<F, C>,
    page: Page<F & C>,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  count<F extends Fields, C extends Fields>(table: Table<F, C>, where: Where<F & C>): Promise<number>;
  tally<F extends Fields, C extends Fields>(
    table: Table<F, C>,
    tally: Tally<F & C>,
  ): Promise<readonly unknown[]>;
  /**
   * Several in one go: all of them or, where a store has no transactions, one after the other. Nothing stays of a change that
   * is about a forgotten question.
   *
   * @param about ids of the questions that the changes are about.
   * @returns how many rows were inserted, deleted, or met by an update.
   */
  write(changes: readonly Change[], about?: readonly string[]): Promise<number>;
}

export function tableOf<F extends Fields, C extends Fields = Record<never, never>>(
  name: string,
  fields: F,
  computed?: C,
): Table<F, C> {
  return { name, fields, computed: computed ?? ({} as C) };
}

/** Inserts the row unless its id stands. */
export function insert<F extends Fields>(table: Table<F>, row: Row<F>): Change {
  return { kind: 'insert', table, row };
}

/** Inserts the row, or puts it over one of its id that passes `over`. */
export function put<F extends Fields>(table: Table<F>, row: Row<F>, over: Where<F> = {}): Change {
  return { kind: 'put', table, row, over };
}

/** Changes every row that passes: with an id and a guard, it is a compare-and-set. */
export function update<F extends Fields>(table: Table<F>, where: Where<F>, set: Assignments<F>): Change {
  return { kind: 'update', table, where, set };
}

export function remove<F extends Fields>(table: Table<F>, where: Where<F>): Removal {
  return { kind: 'remove', table, where };
}
