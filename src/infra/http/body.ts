import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { MAX_NESTING } from '../../stages/limits.ts';
import { isLongAndDeep, isNestedDeeperThan } from '../../stages/text/nesting-depth.ts';
import { parseExact } from '../../stages/text/parse-exact.ts';
import { isWellFormed } from '../../stages/text/well-formed.ts';
import { inTime } from '../../streams/in-time.ts';
import { HTTP_LIMITS } from './limits.ts';
import { HttpProblem } from './problem.ts';
import { parsed } from './route.ts';

/** What a body nests around what a question may nest. */
const MAX_BODY_NESTING = MAX_NESTING + 8;

export type BodyLimits = Readonly<{ maxBytes: number; idleBodyMs: number }>;

/** The media type of a request's body without its parameters. Throws a 415 for a body that is encoded. */
function mediaTypeOf({ headers }: FastifyRequest): string {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new HttpProblem(415, 'encoded_body', `Expected a body without Content-Encoding, came ${encoding}.`);
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * The chunks of a body, as they are asked for: whoever asks slowly slows the sender down. Throws a 413 past the limit, a
 * 408 when nothing comes for too long, and a 400 when the client goes away.
 */
export async function* bodyChunks(
  request: FastifyRequest,
  { maxBytes, idleBodyMs }: BodyLimits,
): AsyncGenerator<Uint8Array, void, void> {
  const tooLarge = () =>
    new HttpProblem(413, 'body_too_large', `Expected at most ${maxBytes} bytes in the body, came more.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  // Left early, the connection has to stay for the reply.
  const chunks = request.raw.iterator({ destroyOnReturn: false });
  let bytes = 0;
  for (;;) {
    const { value, done } = await nextOf(chunks.next(), idleBodyMs);
    if (done === true) return;
    if (!(value instanceof Uint8Array)) continue;
    bytes += value.length;
    if (bytes > maxBytes) throw tooLarge();
    yield value;
  }
}

/** The whole body as JSON that the schema accepts. For bodies of a few megabytes at most. */
export async function jsonBody<T>(
  request: FastifyRequest,
  schema: z.ZodType<T>,
  maxBytes = HTTP_LIMITS.jsonBytes,
): Promise<T> {
  expectMediaType(request, ['application/json']);
  const value = await readJson(request, { maxBytes, idleBodyMs: HTTP_LIMITS.idleBodyMs });
  if (isNestedDeeperThan(value, MAX_BODY_NESTING)) throw tooDeep();
  if (!isWellFormed(value))
    throw new HttpProblem(
      400,
      'half_character',
      'Expected whole characters in the body, came half of a surrogate pair.',
    );
  return parsed(schema, value, 'body');
}

/** Throws a 415 that lists what would be taken. */
export function expectMediaType(request: FastifyRequest, known: readonly string[]): string {
  const type = mediaTypeOf(request);
  if (known.includes(type)) return type;
  const came = type === '' ? 'none' : JSON.stringify(type.slice(0, 100));
  const detail = `Expected the Content-Type ${known.join(' or ')}, came ${came}.`;
  throw new HttpProblem(415, 'unknown_media_type', detail);
}

export async function readJson(request: FastifyRequest, limits: BodyLimits): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, limits)) chunks.push(chunk);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    if (isLongAndDeep(text, MAX_BODY_NESTING)) throw tooDeep();
    return parseExact(text);
  } catch (cause) {
    if (cause instanceof HttpProblem) throw cause;
    const why = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    throw new HttpProblem(400, 'not_json', `Expected JSON in the body, came something else: ${why}`, {
      cause,
    });
  }
}

function tooDeep(): HttpProblem {
  const detail = `Expected at most ${MAX_BODY_NESTING} levels of objects and arrays in the body, came more.`;
  return new HttpProblem(400, 'too_deep', detail);
}

function nextOf<T>(next: Promise<T>, idleBodyMs: number): Promise<T> {
  const coming = next.catch((cause: unknown) => {
    throw new HttpProblem(400, 'client_gone', 'The client went away before its body had ended.', { cause });
  });
  return inTime(coming, idleBodyMs, () => {
    const detail = `Expected the next bytes of the body within ${idleBodyMs} ms, came none.`;
    throw new HttpProblem(408, 'slow_body', detail);
  });
}
