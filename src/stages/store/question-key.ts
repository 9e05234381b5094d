import type { WorkId, WorkKey } from '../../streams/work/work.ts';

/** Names a question in a lane, in every store. */
export function questionKey({ lane, questionId }: Pick<WorkKey, 'lane' | 'questionId'>): string {
  return `${lane}/${questionId}`;
}

/** The key of the question that a work is about. */
export function questionKeyOf(workId: WorkId): string {
  return workId.split('/', 2).join('/');
}

/** What stands below questions, by the keys of these: its id begins with one of them. */
export function below(keys: readonly string[]) {
  return { any: [keys.map((key) => ({ id: { startsWith: `${key}/` } }))] };
}
