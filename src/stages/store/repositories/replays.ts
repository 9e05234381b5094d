import { z } from 'zod';
import type { LaneName } from '../../../streams/work/work.ts';
import {
  type KnownReplay,
  type ReplayPlan,
  type ReplayRepository,
  replayPlanSchema,
  storedPlanText,
} from '../replay-plan.ts';
import { jsonText, readStored } from '../table/read-stored.ts';
import { insert, type Tables, tableOf, update } from '../table/table.ts';

/** By the name of the lane. `readAt` is null until the source is read to its end. */
export const REPLAYS = tableOf('replays', { id: 'text', plan: 'text', readAt: 'text' });

const replayRow = z
  .object({ plan: jsonText(replayPlanSchema), readAt: z.string().nullable() })
  .transform(({ plan, readAt }): KnownReplay => ({ plan, readAt: readAt ?? undefined }));

export class Replays implements ReplayRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async get(name: LaneName): Promise<KnownReplay | undefined> {
    const row = await this.#tables.get(REPLAYS, name);
    return row === undefined ? undefined : readStored(replayRow, row);
  }

  async open(plan: ReplayPlan): Promise<KnownReplay> {
    await this.#tables.write([insert(REPLAYS, { id: plan.name, plan: storedPlanText(plan), readAt: null })]);
    return (await this.get(plan.name)) ?? { plan, readAt: undefined };
  }

  async markRead(name: LaneName, at: string): Promise<void> {
    await this.#tables.write([update(REPLAYS, { id: name, readAt: null }, { readAt: at })]);
  }

  /** Those whose source is not read to its end yet. */
  async unread(): Promise<readonly ReplayPlan[]> {
    const rows = await this.#tables.page(REPLAYS, { where: { readAt: null } });
    return rows.map((row) => readStored(replayRow, row).plan);
  }
}
