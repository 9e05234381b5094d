import { z } from 'zod';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { stageNameSchema } from '../../../stages/name-schemas.ts';
import type { PauseRepository } from '../../../stages/store/pause-repository.ts';

const paramsSchema = z.object({ stage: stageNameSchema });
const replySchema = z.object({ stage: stageNameSchema, paused: z.boolean() });

/** POST /v1/stages/:stage/pause and /resume: every worker follows within a few seconds. */
export function pauseRoutes(pauses: PauseRepository): readonly Route[] {
  return [
    orderRoute(pauses, 'pause', 'Let a stage take no more records; what is at work finishes.'),
    orderRoute(pauses, 'resume', 'Let a paused stage go on.'),
  ];
}

function orderRoute(pauses: PauseRepository, order: 'pause' | 'resume', summary: string): Route {
  return {
    method: 'POST',
    path: `/v1/stages/:stage/${order}`,
    summary,
    params: paramsSchema,
    replies: { 200: { description: 'It is kept, and outlives restarts.', schema: replySchema } },
    answer: async (request) => {
      const { stage } = parsed(paramsSchema, request.params, 'path');
      await pauses[order](stage);
      return { stage, paused: order === 'pause' };
    },
  };
}
