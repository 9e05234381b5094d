import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../streams/failure.ts';
import { HttpProblem } from './problem.ts';

const SHORTEST_TOKEN = 16;

/**
 * Makes the check that a request brings the token (RFC 6750), in a time that does not depend on what it brings. Throws a
 * Failure (`bad_setting`) for a token that could be guessed.
 */
export function bearerAuth(token: string): (request: FastifyRequest) => void {
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < SHORTEST_TOKEN)
    throw new Failure(
      'fatal',
      'bad_setting',
      `Bad value for httpToken: expected at least ${SHORTEST_TOKEN} letters, digits or signs without spaces, such as \`openssl rand -hex 32\` prints.`,
    );
  const expected = digest(token);
  return ({ headers }) => {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    // Digests have one length, whatever was brought.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    const what = given === undefined ? 'The request brings no token' : 'The token is not the right one';
    throw new HttpProblem(401, 'unauthorized', `${what}: expected the header "Authorization: Bearer TOKEN".`);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
