import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../streams/failure.ts';
import { HttpProblem } from './problem.ts';
import type { WrongTokens } from './wrong-tokens.ts';

const SHORTEST_TOKEN = 16;
/** A text that somebody made up often has fewer, and 32 hexadecimal digits by chance do not. */
const LEAST_LETTERS = 8;

/** Whether a token may be one: long enough, of enough different signs, and fit for a header. */
export function isStrongToken(token: string): boolean {
  return (
    /^[\x21-\x7e]+$/.test(token) && token.length >= SHORTEST_TOKEN && new Set(token).size >= LEAST_LETTERS
  );
}

export type BearerAuth = Readonly<{
  /** Throws a 401 for a request without the token, and a 429 for one whose sender has guessed too often. */
  check(request: FastifyRequest): void;
  /** Whether it brings the token. Throws as `check` for a wrong one. */
  knows(request: FastifyRequest): boolean;
}>;

/**
 * Makes the check that a request brings the token (RFC 6750), in a time that does not depend on what it brings. Throws a
 * Failure (`bad_setting`) for a token that could be guessed.
 */
export function bearerAuth(token: string, wrong: WrongTokens): BearerAuth {
  if (!isStrongToken(token)) {
    const message = `Bad value for httpToken: expected at least ${SHORTEST_TOKEN} letters, digits or signs without spaces, ${LEAST_LETTERS} different ones among them, such as \`openssl rand -hex 32\` prints.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
  const expected = digest(token);
  // Who was let in once is not kept out by those who guess from the same address, as on loopback and behind a proxy.
  const letIn = new WeakSet<object>();
  const knows = ({ headers, socket }: FastifyRequest): boolean => {
    const given = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1];
    if (given === undefined) return false;
    const address = socket.remoteAddress ?? '';
    if (!letIn.has(socket)) wrong.assertMayTry(address);
    // Digests have one length, whatever was brought.
    if (timingSafeEqual(digest(given), expected)) {
      letIn.add(socket);
      return true;
    }
    letIn.delete(socket);
    wrong.count(address);
    throw unauthorized('The token is not the right one');
  };
  const check = (request: FastifyRequest) => {
    if (!knows(request)) throw unauthorized('The request brings no token');
  };
  return { check, knows };
}

function unauthorized(what: string): HttpProblem {
  return new HttpProblem(401, 'unauthorized', `${what}: expected the header "Authorization: Bearer TOKEN".`);
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
