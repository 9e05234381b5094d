import { parsed, type Route } from '../../../infra/http/route.ts';
import { type Agreement, agreementByDay, agreementOf } from '../../../stages/judges/agreement.ts';
import type { ReviewQueueRepository } from '../../../stages/store/review-queue-repository.ts';
import { agreementQuerySchema, agreementSchema } from './schemas.ts';

const DAY_MS = 86_400_000;

/** GET /v1/review/agreement: how far people and the judge see the same. */
export function agreementRoute(queue: ReviewQueueRepository): Route {
  return {
    method: 'GET',
    path: '/v1/review/agreement',
    summary: "Agreement between people and judge: accuracy and Cohen's kappa, by day.",
    query: agreementQuerySchema,
    replies: { 200: { description: 'The agreement.', schema: agreementSchema } },
    answer: async (request) => {
      const { lane, days } = parsed(agreementQuerySchema, request.query, 'query');
      const since = new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
      const counts = await queue.decided(lane, since);
      const byDay = agreementByDay(counts).map(({ day, ...each }) => ({ day, ...written(each) }));
      return { ...written(agreementOf(counts)), byDay };
    },
  };
}

function written({ decided, agreed, accuracy, kappa }: Agreement) {
  return { decided, agreed, accuracy: accuracy ?? null, kappa: kappa ?? null };
}
