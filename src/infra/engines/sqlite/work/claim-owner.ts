import { randomUUID } from 'node:crypto';
import type { Token } from '../../../../streams/work/work.ts';

/**
 * Who claims in this process. Consuming is exclusive here, so a claim whose token is not ours belongs to a process that
 * is dead: it is void from the start, and nobody waits out its lease.
 */
export class ClaimOwner {
  readonly #name = randomUUID();
  #count = 0;

  /** A token that no claim ever had. */
  newToken(): Token {
    this.#count += 1;
    return `${this.#name}.${this.#count}` as Token;
  }

  isOurs(token: Token): boolean {
    return token.startsWith(this.#name);
  }
}
