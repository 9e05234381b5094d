import type { WorkKey } from '../../streams/work/work.ts';

/** Names a question in a lane, in every store. */
export function questionKey({ lane, questionId }: Pick<WorkKey, 'lane' | 'questionId'>): string {
  return `${lane}/${questionId}`;
}
