import { z } from 'zod';
import { questionIdSchema } from '../../../infra/http/parameters.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { exampleSchema } from '../../../stages/example.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { ofEachAgent, ofEachStatus } from '../../../stages/name-schemas.ts';
import { isEnd, openCount } from '../../../stages/status.ts';
import type { Store } from '../../../stages/store/store.ts';

const laneQuery = z.object({ lane: laneNameSchema.default(MAIN_LANE) });
const countsSchema = ofEachStatus(z.int());

const questionParams = z.object({ id: questionIdSchema });
const questionReply = z.object({
  id: z.string(),
  lane: z.string(),
  status: z.string(),
  ended: z.boolean().describe('Whether nothing more happens to it by itself.'),
  example: exampleSchema.optional().describe('Once it is approved or rejected.'),
});

const runParams = z.object({ run: z.string().regex(/^[\w-]{1,200}$/, 'expected the name of a run') });
const runReply = z.object({ run: z.string(), questions: countsSchema, open: z.int() });

const tallySchema = z.object({
  done: z.int(),
  dead: z.int(),
  failedAttempts: z.int(),
  usage: z.object({ input: z.int(), output: z.int(), cached: z.int(), reasoning: z.int() }),
  costUsd: z.number(),
  unpricedCalls: z.int().describe('Calls whose price is not known.'),
});
const statusReply = z.object({
  namespace: z.string(),
  simulated: z.boolean(),
  lane: z.string(),
  questions: countsSchema,
  stages: ofEachAgent(tallySchema),
  endedLastMinute: z.int(),
});

export type ReadRoutesOptions = Readonly<{ store: Store; namespace: string; simulated: boolean }>;

/** Where a question, a run, and everything stand. */
export function readRoutes({ store, namespace, simulated }: ReadRoutesOptions): readonly Route[] {
  const question: Route = {
    method: 'GET',
    path: '/v1/questions/:id',
    summary: 'Where a question stands, and its example.',
    params: questionParams,
    query: laneQuery,
    replies: { 200: { description: 'The question.', schema: questionReply } },
    answer: async (request) => {
      const { id } = parsed(questionParams, request.params, 'path');
      const { lane } = parsed(laneQuery, request.query, 'query');
      const outcome = await store.reports.outcome(lane, id);
      if (outcome === undefined)
        throw new HttpProblem(
          404,
          'unknown_question',
          'Nobody asked this here, or no worker has seen it yet.',
        );
      const { status, example } = outcome;
      return { id, lane, status, ended: isEnd(status), ...(example === undefined ? {} : { example }) };
    },
  };
  const run: Route = {
    method: 'GET',
    path: '/v1/runs/:run',
    summary: 'Where the questions of one request or run stand, of those that a worker has seen.',
    params: runParams,
    replies: { 200: { description: 'Counts by status.', schema: runReply } },
    answer: async (request) => {
      const { run: name } = parsed(runParams, request.params, 'path');
      const questions = await store.runs.counts(name);
      const open = openCount(questions);
      return { run: name, questions, open };
    },
  };
  const status: Route = {
    method: 'GET',
    path: '/v1/status',
    summary: 'Counts of everything in a lane.',
    query: laneQuery,
    replies: { 200: { description: 'Counts, tokens and cost.', schema: statusReply } },
    answer: async (request) => {
      const { lane } = parsed(laneQuery, request.query, 'query');
      return { namespace, simulated, lane, ...(await store.reports.progress(lane)) };
    },
  };
  return [question, run, status];
}
