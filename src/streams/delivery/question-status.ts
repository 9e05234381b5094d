/** Where a question stands. `pending` until stage 1 has stored it; the last four are ends. */
export const STATUSES = [
  'pending',
  'questions_added',
  'researched',
  'generated',
  'reviewed',
  'approved',
  'rejected',
  'held',
  'dead_lettered',
] as const;
export type Status = (typeof STATUSES)[number];

/** The status of a question whose record became a dead letter. */
export const DEAD_LETTERED = 'dead_lettered' satisfies Status;
