import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import { covers, type SourceKey } from '../../evidence/source-key.ts';
import type { EvidenceRepository, EvidenceUse } from '../evidence-repository.ts';
import { inPages } from '../table/pages.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { insert, put, remove, type Tables, tableOf, update, type Where } from '../table/table.ts';

/** By source, lane, question and passage: what a source has is one range. */
const EVIDENCE_USES = tableOf('evidence_uses', {
  ...{ id: 'text', source: 'text', lane: 'text', questionId: 'text', contentHash: 'text' },
  ...{ passageHash: 'text', cited: 'flag' },
});
/** By the key. */
const FORGOTTEN_SOURCES = tableOf('forgotten_sources', { id: 'text', at: 'time', finished: 'flag' });

const useRow = z.object({
  source: z.string(),
  lane: branded<LaneName>(),
  questionId: branded<QuestionId>(),
  contentHash: z.string(),
  passageHash: z.string(),
  cited: z.boolean(),
});
const markRow = z.object({ id: z.string() });
const AT_ONCE = 1_000;

/** What rests on which source, and which sources are forgotten. */
export class EvidenceUses implements EvidenceRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async note(uses: readonly EvidenceUse[]): Promise<void> {
    const about = [...new Set(uses.map(({ questionId }) => questionId))];
    const changes = uses.map((use) => {
      const row = { id: idOf(use), ...use };
      return use.cited ? put(EVIDENCE_USES, row) : insert(EVIDENCE_USES, row);
    });
    await this.#tables.write(changes, about);
  }

  cited(): AsyncIterable<EvidenceUse> {
    return this.#read({ cited: true });
  }

  async *usesOf(key: SourceKey): AsyncIterable<EvidenceUse> {
    for await (const use of this.#read({ id: { startsWith: key } })) if (covers(key, use.source)) yield use;
  }

  async forget(key: SourceKey): Promise<void> {
    await this.#tables.write([
      insert(FORGOTTEN_SOURCES, { id: key, at: new Date().toISOString(), finished: false }),
      update(FORGOTTEN_SOURCES, { id: key }, { finished: false }),
    ]);
  }

  async finish(key: SourceKey): Promise<void> {
    for await (const use of this.usesOf(key))
      if (!use.cited) await this.#tables.write([remove(EVIDENCE_USES, { id: idOf(use) })]);
    await this.#tables.write([update(FORGOTTEN_SOURCES, { id: key }, { finished: true })]);
  }

  unfinished(): Promise<readonly SourceKey[]> {
    return this.#marks({ finished: false });
  }

  async forgottenAmong(sources: readonly string[]): Promise<readonly string[]> {
    const marks = await this.#marks({});
    return sources.filter((source) => marks.some((key) => covers(key, source)));
  }

  async *#read(where: Where<(typeof EVIDENCE_USES)['fields']>): AsyncIterable<EvidenceUse> {
    const page = { where, order: ['id'], limit: AT_ONCE } as const;
    for await (const row of inPages(this.#tables, EVIDENCE_USES, page)) yield readStored(useRow, row);
  }

  async #marks(where: Where<(typeof FORGOTTEN_SOURCES)['fields']>): Promise<readonly SourceKey[]> {
    return (await this.#tables.page(FORGOTTEN_SOURCES, { where })).map((row) => readStored(markRow, row).id);
  }
}

/** No source holds a line end, and no lane a space. */
function idOf({ source, lane, questionId, passageHash }: EvidenceUse): string {
  return `${source}\n${lane}/${questionId}/${passageHash}`;
}
