import { z } from 'zod';
import { pageLimit } from '../../../infra/http/parameters.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { statusSchema } from '../../../stages/name-schemas.ts';
import type { ListedQuestion, ListPlace, QuestionList } from '../../../stages/store/question-list.ts';
import { type QuestionPage, type QuestionRow, questionPageSchema } from './story-schemas.ts';

const TEXT_CHARACTERS = 300;
/** So long one request may look for matches; then it says where to go on. */
const SEARCH_MS = 400;

const filter = z.string().trim().max(200).optional();
const score = z.coerce.number().min(0).max(10).optional();
const querySchema = z.object({
  q: filter.describe('A part of the question or of its context, in any case.'),
  topic: filter.describe('Topic or sub-topic.'),
  status: statusSchema.optional(),
  model: filter.describe('The judge of the last review.'),
  minScore: score,
  maxScore: score,
  lane: laneNameSchema.default(MAIN_LANE),
  cursor: z
    .string()
    .regex(/^\d{1,6}\.[^\s]{0,420}$/, 'no page ended there: leave it out')
    .optional()
    .describe('`next` of the page before.'),
  limit: pageLimit,
});
type ListFilter = z.output<typeof querySchema>;

/** GET /v1/questions. A page may be shorter than asked, or empty, and still have a next one. */
export function listQuestionsRoute(list: QuestionList): Route {
  return {
    method: 'GET',
    path: '/v1/questions',
    summary: 'Questions, the newest first, page by page.',
    query: querySchema,
    replies: { 200: { description: 'One page.', schema: questionPageSchema } },
    answer: (request) => pageOf(list, parsed(querySchema, request.query, 'query')),
  };
}

async function pageOf(list: QuestionList, query: ListFilter): Promise<QuestionPage> {
  const endMs = performance.now() + SEARCH_MS;
  const { lane, status, limit } = query;
  let { from, skip } = placeOf(query.cursor);
  const rows: QuestionRow[] = [];
  for (;;) {
    const page = await list.page({ lane, status, from });
    for (const [index, question] of page.questions.entries()) {
      if (index < skip || !matches(question, query)) continue;
      rows.push(rowOf(question));
      if (rows.length === limit) return { questions: rows, next: cursorOf(from, index + 1) };
    }
    skip = 0;
    from = page.next;
    if (from === undefined) return { questions: rows, next: null };
    if (performance.now() > endMs) return { questions: rows, next: cursorOf(from, 0) };
  }
}

/** Where a window begins, and how many of its questions were shown. */
function cursorOf(from: ListPlace | undefined, skip: number): string {
  return `${skip}.${from ?? ''}`;
}

function placeOf(cursor = '0.'): { from: ListPlace | undefined; skip: number } {
  const [, skip = '', from = ''] = /^(\d{1,6})\.(.*)$/.exec(cursor) ?? [];
  if (skip === '') throw new HttpProblem(400, 'bad_cursor', 'No page ended there: leave the cursor out.');
  return { from: from === '' ? undefined : from, skip: Number(skip) };
}

function matches({ question, review }: ListedQuestion, query: ListFilter): boolean {
  const { q, topic, model, minScore, maxScore } = query;
  const { text, context } = question;
  return (
    (q === undefined || contains(text, q) || contains(context, q)) &&
    (topic === undefined || contains(question.topic, topic) || contains(question.subTopic, topic)) &&
    (model === undefined || contains(review?.model ?? '', model)) &&
    (minScore === undefined || (review !== undefined && review.score >= minScore)) &&
    (maxScore === undefined || (review !== undefined && review.score <= maxScore))
  );
}

function contains(text: string, part: string): boolean {
  return part === '' || text.toLowerCase().includes(part.toLowerCase());
}

function rowOf({
  questionId,
  lane,
  question,
  status,
  revision,
  review,
  updatedAt,
}: ListedQuestion): QuestionRow {
  const { text, topic, subTopic, trainingType } = question;
  return {
    ...{ id: questionId, lane, text: text.slice(0, TEXT_CHARACTERS), topic, subTopic, trainingType },
    ...{ status, revision, score: review?.score ?? null, updatedAt },
  };
}
