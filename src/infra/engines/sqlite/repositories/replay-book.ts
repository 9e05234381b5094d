import { z } from 'zod';
import {
  type KnownReplay,
  planText,
  type ReplayBook,
  type ReplayPlan,
  replayPlanSchema,
} from '../../../../stages/store/replay-plan.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';

const replayRow = z
  .object({ plan: jsonText(replayPlanSchema), read_at: z.string().nullable() })
  .transform(({ plan, read_at }): KnownReplay => ({ plan, readAt: read_at ?? undefined }));

/** The replays that were started. */
export class SqliteReplayBook implements ReplayBook {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(name: LaneName): Promise<KnownReplay | undefined> {
    const row = this.#db.prepare('SELECT plan, read_at FROM replays WHERE name = ?').get(name);
    return row === undefined ? undefined : readStored(replayRow, row);
  }

  async open(plan: ReplayPlan): Promise<KnownReplay> {
    const insert = this.#db.prepare('INSERT INTO replays (name, plan) VALUES (?, ?) ON CONFLICT DO NOTHING');
    await this.#db.write(() => insert.run(plan.name, planText(plan)));
    return (await this.get(plan.name)) ?? { plan, readAt: undefined };
  }

  async markRead(name: LaneName, at: string): Promise<void> {
    const mark = this.#db.prepare('UPDATE replays SET read_at = ? WHERE name = ? AND read_at IS NULL');
    await this.#db.write(() => mark.run(at, name));
  }
}
