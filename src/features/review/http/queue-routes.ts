import { randomUUID } from 'node:crypto';
import { jsonBody } from '../../../infra/http/body.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type {
  ReviewClaim,
  ReviewQueueEntry,
  ReviewQueueRepository,
} from '../../../stages/store/review-queue-repository.ts';
import type { Reports } from '../../../stages/store/store.ts';
import { userReferencesOf } from '../../../stages/user-references.ts';
import type { Token } from '../../../streams/work/work.ts';
import { reviewItemOf } from './review-item.ts';
import {
  type ClaimedItem,
  claimBodySchema,
  claimedSchema,
  entryParamsSchema,
  nextBodySchema,
  queueQuerySchema,
  queueSchema,
  releaseBodySchema,
} from './schemas.ts';

/** How long a reviewer may read. Asking again is asking for longer. */
const CLAIM_MS = 15 * 60_000;

type Ports = Readonly<{ queue: ReviewQueueRepository; reports: Pick<Reports, 'histories'> }>;

/** What waits, and who has what in hand. */
export function queueRoutes({ queue, reports }: Ports): readonly Route[] {
  const ports = { queue, reports };
  return [queueRoute(queue), nextRoute(ports), claimRoute(ports), releaseRoute(queue)];
}

function queueRoute(queue: ReviewQueueRepository): Route {
  return {
    method: 'GET',
    path: '/v1/review/queue',
    summary: 'What waits for a person, the oldest first, page by page.',
    query: queueQuerySchema,
    replies: { 200: { description: 'One page.', schema: queueSchema } },
    answer: async (request) => {
      const { cursor, ...query } = parsed(queueQuerySchema, request.query, 'query');
      const [page, waiting] = await Promise.all([
        queue.queue({ ...query, from: cursor }),
        queue.waiting(query.lane),
      ]);
      const items = page.entries.map(reviewItemOf);
      return { items, ...(page.next === undefined ? {} : { cursor: page.next }), waiting };
    },
  };
}

function nextRoute({ queue, reports }: Ports): Route {
  return {
    method: 'POST',
    path: '/v1/review/next',
    summary: 'Claim what waits longest and is free, or what this reviewer has in hand already.',
    bodies: { 'application/json': nextBodySchema },
    replies: {
      200: { description: 'It is yours.', schema: claimedSchema },
      204: { description: 'Nothing is free.' },
    },
    answer: async (request, reply) => {
      const { reviewer, lane, why } = await jsonBody(request, nextBodySchema);
      const claim = claimBy(reviewer);
      const entry = await queue.claimNext(lane, claim, why);
      if (entry === undefined) return reply.code(204).send();
      return claimed(reports, entry, claim);
    },
  };
}

function claimRoute({ queue, reports }: Ports): Route {
  return {
    method: 'POST',
    path: '/v1/review/:lane/:questionId/claim',
    summary: 'Claim one question, or claim it for longer.',
    params: entryParamsSchema,
    bodies: { 'application/json': claimBodySchema },
    replies: {
      200: { description: 'It is yours.', schema: claimedSchema },
      404: { description: 'It does not wait for a person.' },
      409: { description: 'Another reviewer has it.' },
    },
    answer: async (request) => {
      const { lane, questionId } = parsed(entryParamsSchema, request.params, 'path');
      const claim = claimBy((await jsonBody(request, claimBodySchema)).reviewer);
      const answer = await queue.claim(lane, questionId, claim);
      switch (answer.kind) {
        case 'claimed':
          return claimed(reports, answer.entry, claim);
        case 'taken':
          throw new HttpProblem(409, 'taken', `${answer.by} has question ${questionId} in hand.`);
        case 'gone':
          throw new HttpProblem(404, 'not_waiting', `Question ${questionId} does not wait for a person.`);
        default:
          return answer satisfies never;
      }
    },
  };
}

function releaseRoute(queue: ReviewQueueRepository): Route {
  return {
    method: 'POST',
    path: '/v1/review/:lane/:questionId/release',
    summary: 'Give a claim back undecided.',
    params: entryParamsSchema,
    bodies: { 'application/json': releaseBodySchema },
    replies: { 204: { description: 'It is free for others.' } },
    answer: async (request, reply) => {
      const { lane, questionId } = parsed(entryParamsSchema, request.params, 'path');
      await queue.release(lane, questionId, (await jsonBody(request, releaseBodySchema)).token);
      return reply.code(204).send();
    },
  };
}

/** With what its askers know it by, which a queue does not look up for each. */
async function claimed(
  reports: Pick<Reports, 'histories'>,
  entry: ReviewQueueEntry,
  { token, forMs }: ReviewClaim,
): Promise<ClaimedItem> {
  const histories = await reports.histories(entry.questionId);
  const asked = userReferencesOf(histories.flatMap(({ submissions }) => submissions));
  return {
    item: { ...reviewItemOf(entry), ...(asked.length === 0 ? {} : { askedAs: asked }) },
    claim: { token, forMs },
  };
}

function claimBy(reviewer: string): ReviewClaim {
  return { reviewer, token: randomUUID() as Token, forMs: CLAIM_MS };
}
