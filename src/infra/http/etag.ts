import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Names a whole reply by its bytes, and answers 304 to who has it already: RFC 9110, sections 8.8.3 and 13.1.2. For an
 * `onSend` hook: returns what is to be sent. A stream is sent as it is, and what a route has named itself stays.
 */
export function answerUnchanged(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const whole = typeof payload === 'string' || Buffer.isBuffer(payload);
  if (request.method !== 'GET' || reply.statusCode !== 200 || !whole) return payload;
  if (reply.hasHeader('etag')) return payload;
  const etag = `"${hash('sha256', payload, 'base64url').slice(0, 27)}"`;
  reply.header('etag', etag);
  // A client may keep it, and asks each time whether it still holds.
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
  if (!matches(request.headers['if-none-match'], etag)) return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return null;
}

/** The weak comparison, since a proxy that compresses makes a name weak. */
function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  if (given.trim() === '*') return true;
  return given.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}
