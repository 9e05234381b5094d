import { z } from 'zod';
import { reviewItemSchema } from '../../../src/features/review/http/schemas.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { statuses } from '../../../src/stages/status.ts';
import type { StatusCounts } from '../../../src/stages/store/store.ts';
import { apiAt } from '../../support/http/api.ts';
import type { Child } from '../../support/process/child.ts';
import { startMillrace } from '../../support/process/millrace.ts';
import type { RunRig } from '../../support/process/run-rig.ts';
import { until } from '../../support/until.ts';

const claimedSchema = z.object({ item: reviewItemSchema, claim: z.object({ token: z.string() }) });
const queueSchema = z.object({ items: z.array(reviewItemSchema) });
const decisionsSchema = z.object({
  decisions: z.array(z.object({ verdict: z.string(), undone: z.boolean() })),
});
type Named = Readonly<{ lane: string; questionId: string; revision: number }>;
type Claimed = z.output<typeof claimedSchema>;
type Said = Readonly<{ verdict: string; reason?: string; candidate?: unknown }>;

/** `millrace serve ARGS`, once it listens. */
export async function serving(start: (...args: string[]) => Child, ...args: string[]) {
  const server = start('serve', '--port', '0', '--no-token', ...args);
  const address = await until(
    'it listens',
    () => /Listening on (http:\/\/[^\s;]+?)[:;]? /.exec(server.stderr())?.[1],
    60_000,
  );
  return { server, desk: await deskAt(address) };
}

/** The desk of a rig's data directory. */
export function deskOf(rig: RunRig) {
  const env = { MILLRACE_BASE_URL: rig.server.url };
  return serving((...args) => startMillrace(args, { cwd: rig.dir, env }), '--data', rig.data);
}

/** Every reply has to be what the OpenAPI document says. */
async function deskAt(address: string) {
  const { call, post } = await apiAt(address);
  const about = ({ lane, questionId }: Named, what: string) => `/v1/review/${lane}/${questionId}/${what}`;
  return {
    next: async (reviewer: string) => claimedSchema.parse((await post({ reviewer }, '/v1/review/next')).body),
    claim: (item: Named, reviewer: string) => post({ reviewer }, about(item, 'claim')),
    decide: ({ item, claim: { token } }: Claimed, reviewer: string, said: Said) =>
      post({ reviewer, token, revision: item.revision, ...said }, about(item, 'decision')),
    undo: (item: Named, reviewer: string) => post({ reviewer, revision: item.revision }, about(item, 'undo')),
    queue: async () => queueSchema.parse((await call('/v1/review/queue')).body),
    decisions: async () => decisionsSchema.parse((await call('/v1/review/decisions')).body).decisions,
    agreement: async () => (await call('/v1/review/agreement')).body,
  };
}

/** Resolves when the questions of the rig stand so. */
export async function untilCounts(rig: RunRig, expected: Partial<StatusCounts>): Promise<void> {
  const engine = await openEmbedded({ data: rig.data, namespace: 'millrace', mode: 'read' });
  try {
    await until(JSON.stringify(expected), async () => {
      const counts = await engine.store.reports.counts(MAIN_LANE);
      return statuses().every((status) => counts[status] === (expected[status] ?? counts[status]));
    });
  } finally {
    await engine.close();
  }
}
