import { z } from 'zod';
import { questionIdSchema } from '../../../infra/http/parameters.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import type { History, Store } from '../../../stages/store/store.ts';
import { stageRows } from '../../../stages/table.ts';
import { userReferencesOf } from '../../../stages/user-references.ts';
import type { Step } from '../../../streams/work/step.ts';
import { besideHistory, withCalls } from '../steps/steps-of.ts';
import { type Story, type StoryWork, storySchema } from './story-schemas.ts';
import { MOST_STEPS, storyStep } from './story-step.ts';

const paramsSchema = z.object({ id: questionIdSchema });
const querySchema = z.object({ lane: laneNameSchema.default(MAIN_LANE) });

/** GET /v1/questions/:id/story: all that is known of one question. */
export function storyRoute(store: Store): Route {
  return {
    method: 'GET',
    path: '/v1/questions/:id/story',
    summary: "One question's whole story: every stage, attempt, look-up, verdict and revision.",
    params: paramsSchema,
    query: querySchema,
    replies: { 200: { description: 'The story.', schema: storySchema } },
    answer: async (request) => {
      const { id } = parsed(paramsSchema, request.params, 'path');
      const { lane } = parsed(querySchema, request.query, 'query');
      const histories = await store.reports.histories(id);
      const history = histories.find((each) => each.lane === lane);
      if (history === undefined)
        throw new HttpProblem(404, 'unknown_question', `Lane ${lane} knows no question ${id}.`);
      const lanes = histories.map((each) => each.lane);
      return storyOf(history, { lanes, ...(await besideHistory(store, history)) });
    },
  };
}

type BesideHistory = Awaited<ReturnType<typeof besideHistory>> & Readonly<{ lanes: readonly string[] }>;

function storyOf(history: History, { lanes, decisions, verdicts, steps }: BesideHistory): Story {
  const { questionId, lane, status, question, submissions, works, deadLetters } = history;
  return {
    ...{ id: questionId, lane, lanes, question, status },
    submissions: submissions.map(({ run, position, id }) => ({
      ...{ run, position },
      ...(id === undefined ? {} : { id }),
    })),
    askedAs: userReferencesOf(submissions),
    works: withCalls(works, steps)
      .map(({ usage, ...work }, index) => ({ ...work, ...stepsTold(steps[index]), usage: usage ?? null }))
      .toSorted((a, b) => a.revision - b.revision || orderOf(a.stage) - orderOf(b.stage)),
    decisions: decisions.map(({ revision, reviewer, verdict, reason, at, undone }) => ({
      ...{ revision, reviewer, verdict, reason, at, undone },
    })),
    ...(verdicts.length === 0
      ? {}
      : {
          shadows: verdicts.map(({ shadow, revision, verdict, score, feedback, at }) => ({
            ...{ shadow, revision, verdict, score, feedback, at },
          })),
        }),
    deadLetters: deadLetters.map(({ id, stage, kind, code, message, at }) => ({
      ...{ id, stage, kind, code, message, at },
    })),
  };
}

function stepsTold(steps: readonly Step[] = []): Pick<StoryWork, 'steps' | 'moreSteps'> {
  if (steps.length === 0) return {};
  const more = steps.length - MOST_STEPS;
  return { steps: steps.slice(0, MOST_STEPS).map(storyStep), ...(more > 0 ? { moreSteps: more } : {}) };
}

/** Works of stages that this process does not have come first. */
function orderOf(stage: string): number {
  return stageRows().findIndex(({ name }) => name === stage);
}
