import type { WorkKey } from '../../streams/work/work.ts';

/** Names a question in a lane, in every store. */
export function questionKey({ lane, questionId }: Pick<WorkKey, 'lane' | 'questionId'>): string {
  return `${lane}/${questionId}`;
}

/** What stands below questions, by the keys of these: its id begins with one of them. */
export function below(keys: readonly string[]) {
  return { any: [keys.map((key) => ({ id: { startsWith: `${key}/` } }))] };
}
