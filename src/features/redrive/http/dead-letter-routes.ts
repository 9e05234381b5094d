import { z } from 'zod';
import { pageLimit } from '../../../infra/http/parameters.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { DeadLetterRepository, LetterQuery } from '../../../stages/store/dead-letter-repository.ts';
import { parseJson } from '../../../stages/text/json.ts';
import type { StoredLetter } from '../../../streams/delivery/dead-letter.ts';
import {
  type Letter,
  type LetterPage,
  type LetterRow,
  letterPageSchema,
  letterSchema,
  letterStatsSchema,
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
export function letterRoutes(letters: DeadLetterRepository): readonly Route[] {
  const list: Route = {
    method: 'GET',
    path: '/v1/dead-letters',
    summary: 'Dead letters that are not closed, the oldest first, page by page.',
    query: querySchema,
    replies: { 200: { description: 'One page.', schema: letterPageSchema } },
    answer: (request) => pageOf(letters, parsed(querySchema, request.query, 'query')),
  };
  const stats: Route = {
    method: 'GET',
    path: '/v1/dead-letters/stats',
    summary: 'Dead letters by stage and class of failure.',
    replies: { 200: { description: 'The groups.', schema: letterStatsSchema } },
    answer: async () => ({ groups: await letters.stats({}) }),
  };
  const one: Route = {
    method: 'GET',
    path: '/v1/dead-letters/:id',
    summary: 'One dead letter whole: the record as it came, and every attempt with its raw reply.',
    params: paramsSchema,
    replies: { 200: { description: 'The letter.', schema: letterSchema } },
    answer: async (request) => {
      const { id } = parsed(paramsSchema, request.params, 'path');
      for await (const letter of letters.list({ id, lives: ['open', 'redriving', 'sent', 'closed'] }))
        if (letter.id === id) return letterOf(letter);
      throw new HttpProblem(404, 'unknown_letter', 'There is no such dead letter.');
    },
  };
  return [list, stats, one];
}

type ListQuery = z.output<typeof querySchema>;

/** What the query selects: the same for the list and for what is sent again. */
export function letterQueryOf({
  stage,
  kind,
  code,
}: Pick<ListQuery, 'stage' | 'kind' | 'code'>): LetterQuery {
  const named = [kind, code].filter((part) => part !== undefined).join('/');
  return { stage, ...(named === '' ? {} : { classes: [named] }) };
}

async function pageOf(letters: DeadLetterRepository, query: ListQuery): Promise<LetterPage> {
  const { limit, cursor } = query;
  const [since, after] = cursor === undefined ? [undefined, undefined] : placeOf(cursor);
  const rows: LetterRow[] = [];
  let last: StoredLetter | undefined;
  for await (const letter of letters.list({ ...letterQueryOf(query), since })) {
    if (after !== undefined && letter.at === since && letter.id <= after) continue;
    if (rows.length === limit && last !== undefined) return { letters: rows, next: `${last.at}~${last.id}` };
    rows.push(rowOf(letter));
    last = letter;
  }
  return { letters: rows, next: null };
}

function placeOf(cursor: string): readonly [string, string] {
  const at = cursor.indexOf('~');
  if (at < 0) throw new HttpProblem(400, 'bad_cursor', 'No page ended there: leave the cursor out.');
  return [cursor.slice(0, at), cursor.slice(at + 1)];
}

function rowOf(letter: StoredLetter): LetterRow {
  const { id, stage, kind, code, message, work, attempts, firstAt, at, life } = letter;
  return {
    ...{ id, stage, kind, code, message, firstAt, at, state: life.kind, attempts: attempts.length },
    question: questionIn(letter),
    ...{ questionId: work?.questionId ?? null, lane: work?.lane ?? null },
  };
}

/** A record that died may hold anything. */
function questionIn({ value }: StoredLetter): string | null {
  if (value === null) return null;
  const { data } = askedSchema.safeParse(parseJson(Buffer.from(value).toString()));
  return data?.question.text.slice(0, MAX_QUESTION_CHARACTERS) ?? null;
}

function letterOf(letter: StoredLetter): Letter {
  const { topic, partition, offset, headers, value, drive, attempts } = letter;
  return {
    ...rowOf(letter),
    ...{ topic, partition, offset: String(offset), headers, drive, attempts },
    value: value === null ? null : textOf(value),
  };
}

function textOf(value: string | Uint8Array): string {
  const text = typeof value === 'string' ? value : new TextDecoder().decode(value);
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
}
