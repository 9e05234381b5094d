import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { HttpProblem } from './problem.ts';

/** One way in which a route replies. Without a schema the body is a problem from 400 on, else of `mediaType`. */
export type ReplySpec = Readonly<{
  description: string;
  schema?: z.ZodType;
  mediaType?: string | readonly string[];
}>;

export type Caller = 'known' | 'stranger';

/**
 * One route: what it takes and gives, from which the OpenAPI document is made, and what it does. `answer` returns the
 * body of the reply, or throws an HttpProblem or a Failure. Whatever comes from the request has to go through a schema.
 */
export type Route = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for a parameter. */
  path: string;
  summary: string;
  description?: string;
  /** Asked without a token. Only for what tells nothing about the data. */
  open?: boolean;
  /** No part of the API, so not in the OpenAPI document: pages, styles. */
  hidden?: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** What the body may be, by media type. */
  bodies?: Readonly<Record<string, z.ZodType>>;
  /** By status. The problems that any route may reply with need not be listed. */
  replies: Readonly<Record<number, ReplySpec>>;
  /** @param asker whether the request may be told everything: it brought the token, or none is asked for. */
  answer(request: FastifyRequest, reply: FastifyReply, asker: Caller): unknown;
}>;

/** The value as the schema wants it. Throws a 400 that says what was expected. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new HttpProblem(400, 'bad_request', `Bad ${where}: ${reasons.join('; ').slice(0, 1_000)}`);
}
