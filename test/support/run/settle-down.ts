import type { z } from 'zod';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { groupOf, stageNames, topicOf } from '../../../src/stages/stage-names.ts';
import { until } from '../until.ts';

/**
 * Lets the stages work a store, asking nothing new, until no stage lags behind. A run may end before that: what
 * is left over then are repeats, which cost one read each.
 */
export async function settleDown(
  data: string,
  baseUrl: string,
  where: z.input<typeof settingsSchema> = {},
): Promise<void> {
  const session = await openSession({ settings: settingsSchema.parse({ ...where, data, baseUrl }) });
  const { log } = session.engine;
  try {
    await until('every stage has read its topic to the end', async () => {
      for (const stage of stageNames()) {
        const committed = await log.committedOffsets(
          groupOf(session.namespace, stage),
          topicOf(session.namespace, stage),
        );
        for (const [partition, end] of await log.endOffsets(topicOf(session.namespace, stage)))
          if ((committed.get(partition) ?? 0n) < end) return false;
      }
      return true;
    });
  } finally {
    await session.close();
  }
}
