import { jsonBody } from '../../../infra/http/body.ts';
import type { Route } from '../../../infra/http/route.ts';
import type { DeadLetterQuery } from '../../../stages/store/dead-letter-repository.ts';
import { deadLetterQueryOf } from './dead-letter-routes.ts';
import { type RedriveReply, redriveBodySchema, redriveReplySchema } from './schemas.ts';

/** Sends dead letters again. Both resolve with how many dead letters it is about, and at what cost as far as it is known. */
export type Redriver = Readonly<{
  plan(query: DeadLetterQuery): Promise<Omit<RedriveReply, 'dryRun'>>;
  send(query: DeadLetterQuery): Promise<Omit<RedriveReply, 'dryRun'>>;
}>;

/** POST /v1/redrive: first what it would do, then, with `dryRun: false`, that. */
export function redriveRoute(redriver: Redriver): Route {
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
      return { dryRun, ...(await (dryRun ? redriver.plan(query) : redriver.send(query))) };
    },
  };
}
