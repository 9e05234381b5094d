import type { Collection } from 'mongodb';
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
import type { ReplayDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';

const replayDocument = z
  .object({ plan: jsonText(replayPlanSchema), readAt: z.string().nullable() })
  .transform(({ plan, readAt }): KnownReplay => ({ plan, readAt: readAt ?? undefined }));

/** The replays that were started. */
export class MongoReplayBook implements ReplayBook {
  readonly #replays: Collection<ReplayDocument>;

  constructor(replays: Collection<ReplayDocument>) {
    this.#replays = replays;
  }

  async get(name: LaneName): Promise<KnownReplay | undefined> {
    const found = await operation('reading a replay', () => this.#replays.findOne({ _id: name }));
    return found === null ? undefined : readStored(replayDocument, found);
  }

  async open(plan: ReplayPlan): Promise<KnownReplay> {
    const document = { _id: plan.name, plan: planText(plan), readAt: null };
    await operation('opening a replay', () => insertNew(this.#replays, [document]));
    return (await this.get(plan.name)) ?? { plan, readAt: undefined };
  }

  async markRead(name: LaneName, at: string): Promise<void> {
    await operation('ending a replay', () =>
      this.#replays.updateOne({ _id: name, readAt: null }, { $set: { readAt: at } }),
    );
  }
}
