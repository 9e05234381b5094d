import { z } from 'zod';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { FlowSource } from '../watch-flow.ts';
import { flowHistorySchema, flowSchema } from './schemas.ts';

const querySchema = z.object({ minutes: z.coerce.number().int().min(1).max(60).default(60) });

/** The stream now, and over the last hour. */
export function flowRoutes(source: FlowSource): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/flow',
      summary: 'The stages as they stand: waiting, in flight, done, rates, limits, circuits, cost, alarms.',
      replies: { 200: { description: 'A snapshot.', schema: flowSchema } },
      answer: () => source.now(),
    },
    {
      method: 'GET',
      path: '/v1/flow/history',
      summary: 'What each stage did, every ten seconds of the last hour, since this server started.',
      query: querySchema,
      replies: { 200: { description: 'Points, the oldest first.', schema: flowHistorySchema } },
      answer: (request) => source.history(parsed(querySchema, request.query, 'query').minutes),
    },
  ];
}
