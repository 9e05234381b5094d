import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { covers, type SourceKey } from '../../evidence/source-key.ts';
import type { KeptLookUp, LookUpRepository } from '../look-up-repository.ts';
import { inPages } from '../table/pages.ts';
import { readStored } from '../table/read-stored.ts';
import { insert, put, remove, type Tables, tableOf } from '../table/table.ts';

/** By what is asked. */
const LOOK_UPS = tableOf('look_ups', {
  ...{ id: 'text', tool: 'text', at: 'number', until: 'number', body: 'raw' },
});
/** By the source, a line end, and what is asked: what consists of a source is one range. */
const LOOK_UP_SOURCES = tableOf('look_up_sources', { id: 'text', key: 'text' });

const MOST_PLAIN_BYTES = 1_024;
const AT_ONCE = 500;

const lookUpRow = z.object({
  id: z.string(),
  until: z.number(),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
});
const sourceRow = z.object({ id: z.string(), key: z.string() });

export class LookUps implements LookUpRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async find(key: string, nowMs: number): Promise<unknown> {
    const row = await this.#tables.get(LOOK_UPS, key);
    if (row === undefined || row === null) return undefined;
    const { until, body } = readStored(lookUpRow, row);
    return until > nowMs ? bodyOf(body) : undefined;
  }

  async keep({ key, tool, atMs, untilMs, sources, body }: KeptLookUp): Promise<unknown> {
    const row = { id: key, tool, at: atMs, until: untilMs, body: packed(body) };
    // Of one that was killed between the two, sources without a look-up are left, which mean nothing.
    await this.#tables.write([
      ...sources.map((source) => insert(LOOK_UP_SOURCES, { id: `${source}\n${key}`, key })),
      put(LOOK_UPS, row, { until: { lte: atMs } }),
    ]);
    return (await this.find(key, atMs)) ?? body;
  }

  async forgetSource(source: SourceKey): Promise<number> {
    let forgotten = 0;
    const page = { where: { id: { startsWith: source } }, order: ['id'], limit: AT_ONCE } as const;
    for await (const row of inPages(this.#tables, LOOK_UP_SOURCES, page)) {
      const { id, key } = readStored(sourceRow, row);
      if (!covers(source, id.slice(0, id.lastIndexOf('\n')))) continue;
      // The look-up first: killed in between, its source still says what has to go.
      forgotten += await this.#tables.write([remove(LOOK_UPS, { id: key })]);
      await this.#tables.write([remove(LOOK_UP_SOURCES, { id })]);
    }
    return forgotten;
  }

  async countOld(nowMs: number, keptBeforeMs?: number): Promise<number> {
    const over = await this.#tables.count(LOOK_UPS, { until: { lte: nowMs } });
    if (keptBeforeMs === undefined) return over;
    return over + (await this.#tables.count(LOOK_UPS, { until: { gt: nowMs }, at: { lt: keptBeforeMs } }));
  }

  async dropOld(nowMs: number, keptBeforeMs?: number): Promise<void> {
    await this.#tables.write([remove(LOOK_UPS, { until: { lte: nowMs } })]);
    if (keptBeforeMs === undefined) return;
    await this.#tables.write([remove(LOOK_UPS, { until: { gt: nowMs }, at: { lt: keptBeforeMs } })]);
  }
}

function packed(body: unknown): string | Uint8Array {
  const text = JSON.stringify(body);
  return text.length < MOST_PLAIN_BYTES ? text : zstdCompressSync(text);
}

function bodyOf(stored: string | Uint8Array): unknown {
  return JSON.parse(typeof stored === 'string' ? stored : zstdDecompressSync(stored).toString());
}
