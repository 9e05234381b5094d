import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEAD_LETTERS, deathOf } from '../stages/store/repositories/dead-letter-row.ts';
import { inPages } from '../stages/store/table/pages.ts';
import { insert, put, type Row, remove, type Tables, update } from '../stages/store/table/table.ts';
import type { DeadLetter } from '../streams/delivery/dead-letter.ts';
import { deadLetterOf, listOf, newWork } from './store/fixtures.ts';

export type OpenedTables = Readonly<{
  tables: Tables;
  /** From now on nothing of these questions is kept. */
  forget(questionIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}>;

type DeadLetterRow = Row<(typeof DEAD_LETTERS)['fields']>;

const rowOf = (overrides: Partial<DeadLetter> = {}): DeadLetterRow => {
  const deadLetter = deadLetterOf(newWork(), overrides);
  const death = deathOf(deadLetter, deadLetter.attempts);
  return { id: deadLetter.id, ...death, firstAt: deadLetter.at, taker: null, renewal: 0 };
};

/** What repositories are written on, shown on one table that has fields of every kind. */
export function describeTables(name: string, open: () => Promise<OpenedTables>): void {
  const opened = async () => {
    const { close, ...rest } = await open();
    onTestFinished(close);
    return rest;
  };
  const filled = async (...rows: readonly DeadLetterRow[]) => {
    const { tables } = await opened();
    await tables.write(rows.map((row) => insert(DEAD_LETTERS, row)));
    return tables;
  };

  describe(`${name} as tables`, () => {
    it('gives a row back as it was written, whatever its fields hold', async () => {
      const rows = [
        rowOf({ offset: 2n ** 40n, value: '$set', message: '$$ROOT', key: null }),
        rowOf({ value: Uint8Array.from([0, 255, 10]), headers: { $a: '.', 'b.c': "'" }, attempts: [] }),
        { ...rowOf(), state: 'sent', sentAt: day(1), taker: '$taker', renewal: 7 },
      ];
      const tables = await filled(...rows);
      for (const { value, ...row } of rows) {
        const found = Object(await tables.get(DEAD_LETTERS, row.id));
        expect(found).toMatchObject(row);
        expect(Buffer.from(found.value)).toEqual(Buffer.from(value ?? ''));
      }
      expect(await tables.get(DEAD_LETTERS, randomUUID())).toBeUndefined();
    });

    it('inserts a row unless its id stands, and says how many were new', async () => {
      const { tables } = await opened();
      const [one, other] = [rowOf(), rowOf()];
      expect(await tables.write([insert(DEAD_LETTERS, one)])).toBe(1);
      const again = { ...one, message: 'later' };
      expect(await tables.write([insert(DEAD_LETTERS, again), insert(DEAD_LETTERS, other)])).toBe(1);
      expect(await tables.get(DEAD_LETTERS, one.id)).toMatchObject({ message: one.message });
    });

    it('puts a row over what stands, where a guard lets it', async () => {
      const [one, other] = [rowOf({ drive: 1 }), rowOf()];
      const tables = await filled(one);
      const messageNow = async () => Object(await tables.get(DEAD_LETTERS, one.id)).message;
      const put1 = (message: string, drive: number) =>
        tables.write([put(DEAD_LETTERS, { ...one, message }, { drive: { lt: drive } })]);
      expect(await put1('too early', 1)).toBe(0);
      expect(await messageNow()).toBe(one.message);
      expect(await put1('later', 2)).toBe(1);
      expect(await messageNow()).toBe('later');
      await tables.write([put(DEAD_LETTERS, one), put(DEAD_LETTERS, other)]);
      expect(await messageNow()).toBe(one.message);
      expect(await tables.get(DEAD_LETTERS, other.id)).toMatchObject({ id: other.id });
    });

    it('gives a row to one of many who change it under the same guard', async () => {
      const row = rowOf();
      const tables = await filled(row);
      const free = { id: row.id, state: 'open', renewal: 0 };
      const takes = Array.from({ length: 8 }, (_, index) =>
        tables.write([
          update(DEAD_LETTERS, free, { state: 'redriving', taker: `t${index}`, renewal: { add: 1 } }),
        ]),
      );
      const met = await Promise.all(takes);
      expect(met.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
      const taker = `t${met.indexOf(1)}`;
      expect(await tables.get(DEAD_LETTERS, row.id)).toMatchObject({ taker, renewal: 1, state: 'redriving' });
    });

    it('finds rows by every kind of test', async () => {
      const closed = { ...rowOf({ at: day(3), code: 'c' }), state: 'closed', closedAt: day(4) };
      const early = rowOf({ at: day(1), code: 'a', drive: 1 });
      const late = { ...rowOf({ at: day(2), code: 'b', drive: 2 }), taker: 'x' };
      const tables = await filled(closed, late, early);
      const found = async (where: Parameters<typeof update<(typeof DEAD_LETTERS)['fields']>>[1]) =>
        idsOf(await tables.page(DEAD_LETTERS, { where, order: ['at', 'id'] }));
      const all = [early.id, late.id, closed.id];
      expect(await found({})).toEqual(all);
      expect(await found({ code: 'a' })).toEqual([early.id]);
      expect(await found({ code: undefined, stage: late.stage })).toEqual(all);
      expect(await found({ code: { in: ['b', 'c', '$x'] } })).toEqual([late.id, closed.id]);
      expect(await found({ code: { in: [] } })).toEqual([]);
      expect(await found({ code: { not: 'a' } })).toEqual([late.id, closed.id]);
      expect(await found({ taker: null })).toEqual([early.id, closed.id]);
      expect(await found({ taker: { not: null } })).toEqual([late.id]);
      expect(await found({ taker: { not: 'y' } })).toEqual([late.id]);
      expect(await found({ closedAt: { lt: { now: 0 } } })).toEqual([closed.id]);
      expect(await found({ drive: { gt: 0, lte: 2 } })).toEqual([early.id, late.id]);
      expect(await found({ drive: { gte: 2 } })).toEqual([late.id]);
      expect(await found({ closedAt: { lt: day(5) } })).toEqual([closed.id]);
      expect(await found({ closedAt: { gt: { now: -1 } } })).toEqual([]);
      expect(await found({ closedAt: { gte: day(4), lte: { now: 0 } } })).toEqual([closed.id]);
      expect(await found({ state: { in: ['open', 'sent'] } })).toEqual([early.id, late.id]);
      expect(await found({ state: { not: 'closed' } })).toEqual([early.id, late.id]);
      expect(await found({ questionId: { startsWith: late.key ?? '' } })).toEqual([late.id]);
      expect(await found({ id: { startsWith: '%' } })).toEqual([]);
      expect(await found({ any: [[{ code: 'a' }, { state: 'closed' }]] })).toEqual([early.id, closed.id]);
      expect(await found({ any: [[{ code: 'a' }, { code: 'b' }], [{ drive: 2 }]] })).toEqual([late.id]);
      expect(await found({ any: [[]] })).toEqual([]);
    });

    it('reads in order, forwards and backwards, from where a page ended', async () => {
      const rows = [1, 1, 2, 3].map((number) => rowOf({ at: day(number) }));
      const tables = await filled(...rows);
      const ordered = rows.toSorted((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? -1 : 1));
      const order = ['at', 'id'] as const;
      for (const reverse of [false, true]) {
        const expected = reverse ? ordered.toReversed() : ordered;
        for (const [index, { at, id }] of expected.entries()) {
          const rest = await tables.page(DEAD_LETTERS, {
            where: {},
            order,
            reverse,
            after: [at, id],
            limit: 2,
          });
          expect(idsOf(rest)).toEqual(idsOf(expected.slice(index + 1, index + 3)));
        }
      }
    });

    it('reads many rows page by page, each once', async () => {
      const rows = Array.from({ length: 150 }, (_, index) => rowOf({ at: day(1 + (index % 3)) }));
      const tables = await filled(...rows);
      const read = await listOf(inPages(tables, DEAD_LETTERS, { where: {}, order: ['at', 'id'] }));
      expect(new Set(idsOf(read))).toEqual(new Set(idsOf(rows)));
      expect(read).toHaveLength(rows.length);
    });

    it('counts rows, and groups with their least, their most and their sum', async () => {
      const tables = await filled(
        ...[1, 2, 3].map((number) => rowOf({ at: day(number), drive: number })),
        rowOf({ code: 'other', drive: 5, at: day(9) }),
      );
      expect(await tables.count(DEAD_LETTERS, { code: 'not_json' })).toBe(3);
      expect(await tables.count(DEAD_LETTERS, { code: 'none' })).toBe(0);
      const tally = {
        where: {},
        by: ['code', 'kind'],
        min: 'at',
        max: 'at',
        sums: ['drive', 'renewal'],
      } as const;
      const groups = await tables.tally(DEAD_LETTERS, tally);
      expect(groups).toHaveLength(2);
      expect(groups).toContainEqual({
        ...{ code: 'not_json', kind: 'content', count: 3, min: day(1), max: day(3), drive: 6, renewal: 0 },
      });
      const all = await tables.tally(DEAD_LETTERS, { where: {}, by: [], sums: ['drive'] });
      expect(all).toEqual([{ count: 4, drive: 11 }]);
      for (const by of [[], ['code']] as const)
        expect(await tables.tally(DEAD_LETTERS, { where: { code: 'none' }, by })).toEqual([]);
    });

    it('deletes what passes, and nothing else', async () => {
      const [one, other] = [rowOf({ code: 'a' }), rowOf({ code: 'b' })];
      const tables = await filled(one, other);
      expect(await tables.write([remove(DEAD_LETTERS, { code: 'a' })])).toBe(1);
      expect(await tables.write([remove(DEAD_LETTERS, { code: 'a' })])).toBe(0);
      expect(idsOf(await tables.page(DEAD_LETTERS, { where: {} }))).toEqual([other.id]);
    });

    it('makes several changes in one go, in their order', async () => {
      const row = rowOf();
      const { tables } = await opened();
      const changes = [
        insert(DEAD_LETTERS, row),
        update(DEAD_LETTERS, { id: row.id }, { code: 'a' }),
        update(DEAD_LETTERS, { id: row.id }, { drive: { add: 2 } }),
        remove(DEAD_LETTERS, { id: row.id, code: 'b' }),
      ];
      expect(await tables.write(changes)).toBe(3);
      expect(await tables.get(DEAD_LETTERS, row.id)).toMatchObject({ code: 'a', drive: 2 });
      expect(await tables.write([])).toBe(0);
    });

    it('keeps nothing of a forgotten question, and says so', async () => {
      const { tables, forget } = await opened();
      const row = rowOf();
      const about = [row.key ?? ''];
      await forget(about);
      await tables.write([insert(DEAD_LETTERS, row)], about);
      expect(await tables.get(DEAD_LETTERS, row.id)).toBeUndefined();
    });

    it('refuses one bad row, and none of its neighbours', async () => {
      const { tables } = await opened();
      const rows = [rowOf(), rowOf()];
      const bad = { ...rowOf(), stage: null };
      const tooBad = { ...rowOf(), message: Symbol('no text') as unknown as string };
      const written = await Promise.allSettled(
        [...rows, bad, tooBad].map((row) => tables.write([insert(DEAD_LETTERS, row)])),
      );
      expect(written.slice(0, 2).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      const stored = await tables.page(DEAD_LETTERS, { where: { id: { in: idsOf(rows) } } });
      expect(new Set(idsOf(stored))).toEqual(new Set(idsOf(rows)));
    });
  });
}

function day(number: number) {
  return `2026-01-0${number}T00:00:00.000Z`;
}

function idsOf(rows: readonly unknown[]) {
  return rows.map((row) => Reflect.get(Object(row), 'id'));
}
