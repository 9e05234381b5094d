import { jsonBody } from '../../../infra/http/body.ts';
import type { Route } from '../../../infra/http/route.ts';
import type { DeadLetterQuery } from '../../../stages/store/dead-letter-repository.ts';
import { type RedrivePorts, redrive } from '../redrive.ts';
import { deadLetterQueryOf } from './dead-letter-routes.ts';
import { type RedriveReply, redriveBodySchema, redriveReplySchema } from './schemas.ts';

/** POST /v1/redrive: first what it would do, then, with `dryRun: false`, that. */
export function redriveRoute(ports: RedrivePorts): Route {
  return {
    method: 'POST',
    path: '/v1/redrive',
    summary: 'Send dead letters again, or say which and at what cost.',
    description:
      'Each dead letter is sent by one operator alone, however many ask at once. A dry run is the default.',
    bodies: { 'application/json': redriveBodySchema },
    replies: { 200: { description: 'What was sent, or would be.', schema: redriveReplySchema } },
    answer: async (request) => {
      const { dryRun, ...filter } = await jsonBody(request, redriveBodySchema);
      const query = deadLetterQueryOf(filter);
      const planned = await plan(ports, query);
      if (dryRun) return { dryRun, ...planned };
      const { deadLetters: letters } = await redrive(ports, { query });
      return { dryRun, ...planned, letters };
    },
  };
}

/** A dead letter costs about what its last attempt did. */
async function plan({ store }: RedrivePorts, query: DeadLetterQuery): Promise<Omit<RedriveReply, 'dryRun'>> {
  let deadLetters = 0;
  let estimatedCostUsd: number | null = null;
  for await (const { attempts } of store.deadLetters.list({ ...query, lives: ['open'] })) {
    deadLetters += 1;
    const cost = attempts.at(-1)?.costUsd;
    if (cost !== null && cost !== undefined) estimatedCostUsd = (estimatedCostUsd ?? 0) + cost;
  }
  return { letters: deadLetters, estimatedCostUsd };
}
