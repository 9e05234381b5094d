import { count, plural } from '../../infra/terminal/format.ts';
import type { Rejects } from './question-file.ts';

/** Where the bad lines of an input are, and how many are nowhere. */
export function rejectsText({ count: bad, path, left }: Rejects): string {
  const lines = plural(bad - left, 'bad line');
  return `${lines} kept in ${path}${left === 0 ? '' : `, ${count(left)} more left out: it is full`}.`;
}
