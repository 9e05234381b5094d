import { randomUUID } from 'node:crypto';
import type { Token } from '../../streams/work.ts';

const PROCESS = randomUUID();
let count = 0;

/** A token that no claim ever had, in this process or another. */
export function newToken(): Token {
  count += 1;
  return `${PROCESS}.${count}` as Token;
}
