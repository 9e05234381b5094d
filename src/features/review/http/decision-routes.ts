import { jsonBody } from '../../../infra/http/body.ts';
import { HTTP_LIMITS } from '../../../infra/http/limits.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { ReviewQueueRepository, StoredDecision } from '../../../stages/store/review-queue-repository.ts';
import type { Decided, ReviewDesk } from '../review-desk.ts';
import {
  decidedSchema,
  decisionBodySchema,
  decisionsQuerySchema,
  decisionsSchema,
  entryParamsSchema,
  undoBodySchema,
} from './schemas.ts';

const TEXT_CHARACTERS = 300;
const CONFLICT = { description: 'Somebody decided meanwhile, or the claim ran out.' };

/** What people decide. Each decision is a record of the topic of verdicts before it is answered. */
export function decisionRoutes(desk: ReviewDesk): readonly Route[] {
  return [decisionRoute(desk), undoRoute(desk), decisionsRoute(desk.queue)];
}

function decisionRoute(desk: ReviewDesk): Route {
  return {
    method: 'POST',
    path: '/v1/review/:lane/:questionId/decision',
    summary: 'Approve, reject, or approve after an edit. Needs a claim.',
    params: entryParamsSchema,
    bodies: { 'application/json': decisionBodySchema },
    replies: {
      200: { description: 'The log has it: it survives whatever comes.', schema: decidedSchema },
      404: { description: 'It never waited for a person.' },
      409: CONFLICT,
      422: { description: 'The candidate does not fit its training type; `issues` says where.' },
    },
    answer: async (request) => {
      const { lane, questionId } = parsed(entryParamsSchema, request.params, 'path');
      const deciding = await jsonBody(request, decisionBodySchema, HTTP_LIMITS.jsonBytes);
      return answerOf(await desk.decide(lane, questionId, deciding));
    },
  };
}

function undoRoute(desk: ReviewDesk): Route {
  return {
    method: 'POST',
    path: '/v1/review/:lane/:questionId/undo',
    summary: 'Take a decision back: the question waits again.',
    params: entryParamsSchema,
    bodies: { 'application/json': undoBodySchema },
    replies: {
      200: { description: 'The log has it.', schema: decidedSchema },
      404: { description: 'There is no such decision.' },
      409: { description: 'It was taken back already, or something was decided after it.' },
    },
    answer: async (request) => {
      const { lane, questionId } = parsed(entryParamsSchema, request.params, 'path');
      const { reviewer, revision } = await jsonBody(request, undoBodySchema);
      return answerOf(await desk.undo(lane, questionId, reviewer, revision));
    },
  };
}

const STATUS = { not_waiting: 404, decided: 409, claim_lost: 409, not_the_last: 409, not_a_candidate: 422 };

/** Throws an HttpProblem where nothing was decided. */
function answerOf(decided: Decided) {
  if (decided.kind === 'decided') return { revision: decided.revision };
  const { why, detail, issues } = decided;
  throw new HttpProblem(STATUS[why], why, detail, issues === undefined ? {} : { members: { issues } });
}

function decisionsRoute(queue: ReviewQueueRepository): Route {
  return {
    method: 'GET',
    path: '/v1/review/decisions',
    summary: 'What people decided, the newest first, page by page.',
    query: decisionsQuerySchema,
    replies: { 200: { description: 'One page.', schema: decisionsSchema } },
    answer: async (request) => {
      const { cursor, ...query } = parsed(decisionsQuerySchema, request.query, 'query');
      const { decisions, next } = await queue.decisions({ ...query, from: cursor });
      return {
        decisions: await Promise.all(decisions.map((each) => rowOf(queue, each))),
        next: next ?? null,
      };
    },
  };
}

async function rowOf(queue: ReviewQueueRepository, decision: StoredDecision) {
  const { lane, questionId, revision, reviewer, verdict, reason, at, undone } = decision;
  const entry = await queue.find(lane, questionId);
  const text = entry?.message.question.text.slice(0, TEXT_CHARACTERS) ?? '';
  return { lane, questionId, revision, reviewer, verdict, reason, at, text, undone };
}
