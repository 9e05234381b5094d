import { z } from 'zod';
import { pageLimit } from '../../../infra/http/parameters.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { DeadLetterQuery, DeadLetterRepository } from '../../../stages/store/dead-letter-repository.ts';
import { parseJson } from '../../../stages/text/json.ts';
import type { StoredDeadLetter } from '../../../streams/delivery/dead-letter.ts';
import {
  type DeadLetterDetail,
  type DeadLetterPage,
  type DeadLetterRow,
  deadLetterDetailSchema,
  deadLetterPageSchema,
  deadLetterStatsSchema,
} from './schemas.ts';

const MAX_QUESTION_CHARACTERS = 300;
const MAX_VALUE_CHARACTERS = 200_000;

const part = z.string().max(200).optional();
const querySchema = z.object({
  stage: part,
  kind: part.describe('Kind of failure, such as `content`.'),
  code: part.describe('Code of failure, such as `refused`.'),
  cursor: z
    .string()
    .max(800)
    .includes('~', 'no page ended there: leave it out')
    .optional()
    .describe('`next` of the page before.'),
  limit: pageLimit,
});
const askedSchema = z.object({ question: z.object({ text: z.string() }) });
const paramsSchema = z.object({ id: z.string().min(1).max(500) });

/** What died and why: in groups, as a list, and one whole. */
export function deadLetterRoutes(deadLetters: DeadLetterRepository): readonly Route[] {
  const list: Route = {
    method: 'GET',
    path: '/v1/dead-letters',
    summary: 'Dead letters that are not closed, the oldest first, page by page.',
    query: querySchema,
    replies: { 200: { description: 'One page.', schema: deadLetterPageSchema } },
    answer: (request) => pageOf(deadLetters, parsed(querySchema, request.query, 'query')),
  };
  const stats: Route = {
    method: 'GET',
    path: '/v1/dead-letters/stats',
    summary: 'Dead letters by stage and class of failure.',
    replies: { 200: { description: 'The groups.', schema: deadLetterStatsSchema } },
    answer: async () => ({ groups: await deadLetters.stats({}) }),
  };
  const one: Route = {
    method: 'GET',
    path: '/v1/dead-letters/:id',
    summary: 'One dead letter whole: the record as it came, and every attempt with its raw reply.',
    params: paramsSchema,
    replies: { 200: { description: 'The dead letter.', schema: deadLetterDetailSchema } },
    answer: async (request) => {
      const { id } = parsed(paramsSchema, request.params, 'path');
      for await (const deadLetter of deadLetters.list({ id, lives: ['open', 'redriving', 'sent', 'closed'] }))
        if (deadLetter.id === id) return deadLetterOf(deadLetter);
      throw new HttpProblem(404, 'unknown_letter', 'There is no such dead letter.');
    },
  };
  return [list, stats, one];
}

type ListQuery = z.output<typeof querySchema>;

/** What the query selects: the same for the list and for what is sent again. */
export function deadLetterQueryOf({
  stage,
  kind,
  code,
}: Pick<ListQuery, 'stage' | 'kind' | 'code'>): DeadLetterQuery {
  const named = [kind, code].filter((part) => part !== undefined).join('/');
  return { stage, ...(named === '' ? {} : { classes: [named] }) };
}

async function pageOf(deadLetters: DeadLetterRepository, query: ListQuery): Promise<DeadLetterPage> {
  const { limit, cursor } = query;
  const [since, after] = cursor === undefined ? [undefined, undefined] : placeOf(cursor);
  const rows: DeadLetterRow[] = [];
  let last: StoredDeadLetter | undefined;
  for await (const deadLetter of deadLetters.list({ ...deadLetterQueryOf(query), since })) {
    if (after !== undefined && deadLetter.at === since && deadLetter.id <= after) continue;
    if (rows.length === limit && last !== undefined) return { letters: rows, next: `${last.at}~${last.id}` };
    rows.push(rowOf(deadLetter));
    last = deadLetter;
  }
  return { letters: rows, next: null };
}

function placeOf(cursor: string): readonly [string, string] {
  const at = cursor.indexOf('~');
  if (at < 0) throw new HttpProblem(400, 'bad_cursor', 'No page ended there: leave the cursor out.');
  return [cursor.slice(0, at), cursor.slice(at + 1)];
}

function rowOf(deadLetter: StoredDeadLetter): DeadLetterRow {
  const { id, stage, kind, code, message, work, attempts, firstAt, at, life } = deadLetter;
  return {
    ...{ id, stage, kind, code, message, firstAt, at, state: life.kind, attempts: attempts.length },
    question: questionIn(deadLetter),
    ...{ questionId: work?.questionId ?? null, lane: work?.lane ?? null },
  };
}

/** A record that died may hold anything. */
function questionIn({ value }: StoredDeadLetter): string | null {
  if (value === null) return null;
  const { data } = askedSchema.safeParse(parseJson(Buffer.from(value).toString()));
  return data?.question.text.slice(0, MAX_QUESTION_CHARACTERS) ?? null;
}

function deadLetterOf(deadLetter: StoredDeadLetter): DeadLetterDetail {
  const { topic, partition, offset, headers, value, drive, attempts } = deadLetter;
  return {
    ...rowOf(deadLetter),
    ...{ topic, partition, offset: String(offset), headers, drive, attempts },
    value: value === null ? null : textOf(value),
  };
}

function textOf(value: string | Uint8Array): string {
  const text = typeof value === 'string' ? value : new TextDecoder().decode(value);
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
}
