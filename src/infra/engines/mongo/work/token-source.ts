import { randomUUID } from 'node:crypto';
import type { Token } from '../../../../streams/work/work.ts';

/** Stands where a claim was given back. */
export const NOBODY = '' as Token;

/**
 * The tokens of this process. One that stands in the database, is ours and is not in use belongs to a claim whose reply
 * was lost on its way: nobody works on it, so it may be taken at once.
 */
export class TokenSource {
  readonly #owner = randomUUID();
  readonly #inUse = new Set<Token>();
  #count = 0;

  /** A token that no claim ever had, in use from now on. */
  next(): Token {
    this.#count += 1;
    const token = `${this.#owner}.${this.#count}` as Token;
    this.#inUse.add(token);
    return token;
  }

  /** The claim was ended, lost or given back. */
  drop(token: Token): void {
    this.#inUse.delete(token);
  }

  /** Given back by its holder, or of ours and used by nobody. */
  isForgotten(token: Token): boolean {
    return token === NOBODY || (token.startsWith(this.#owner) && !this.#inUse.has(token));
  }
}
