import { z } from 'zod';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { askedAs } from '../../../stages/asked-as.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import type { StoredDecision } from '../../../stages/store/review-queue-repository.ts';
import type { ShadowVerdict } from '../../../stages/store/shadow-repository.ts';
import type { History, Store } from '../../../stages/store/store.ts';
import { stageRows } from '../../../stages/table.ts';
import type { QuestionId } from '../../../streams/work/work.ts';
import { type Story, storySchema } from './story-schemas.ts';

const paramsSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{24}$/, 'expected an id of 24 hexadecimal digits'),
});
const querySchema = z.object({ lane: laneNameSchema.default(MAIN_LANE) });

/** GET /v1/questions/:id/story: all that is known of one question. */
export function storyRoute({ reports, desk, shadows }: Pick<Store, 'reports' | 'desk' | 'shadows'>): Route {
  return {
    method: 'GET',
    path: '/v1/questions/:id/story',
    summary: "One question's whole story: every stage, attempt, verdict and revision.",
    params: paramsSchema,
    query: querySchema,
    replies: { 200: { description: 'The story.', schema: storySchema } },
    answer: async (request) => {
      const { id } = parsed(paramsSchema, request.params, 'path');
      const { lane } = parsed(querySchema, request.query, 'query');
      const histories = await reports.histories(id);
      const history = histories.find((each) => each.lane === lane);
      if (history === undefined)
        throw new HttpProblem(404, 'unknown_question', `Lane ${lane} knows no question ${id}.`);
      const lanes = histories.map((each) => each.lane);
      const questionId = history.questionId as QuestionId;
      const [decisions, verdicts] = await Promise.all([
        desk.decisionsOn(lane, questionId),
        shadows.verdictsOn(lane, questionId),
      ]);
      return storyOf(history, { lanes, decisions, verdicts });
    },
  };
}

type BesideHistory = Readonly<{
  lanes: readonly string[];
  decisions: readonly StoredDecision[];
  verdicts: readonly ShadowVerdict[];
}>;

function storyOf(history: History, { lanes, decisions, verdicts }: BesideHistory): Story {
  const { questionId, lane, status, question, submissions, works, deadLetters } = history;
  return {
    ...{ id: questionId, lane, lanes, question, status },
    submissions: submissions.map(({ run, position, id }) => ({
      ...{ run, position },
      ...(id === undefined ? {} : { id }),
    })),
    askedAs: askedAs(submissions),
    works: works
      .map(({ usage, ...work }) => ({ ...work, usage: usage ?? null }))
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

/** Works of stages that this process does not have come first. */
function orderOf(stage: string): number {
  return stageRows().findIndex(({ name }) => name === stage);
}
