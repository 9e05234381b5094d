/** Where a question stands that has come to an end. */
export const ENDS = ['approved', 'rejected', 'held', 'dead_lettered'] as const;

declare const added: unique symbol;
/** The status of a stage that was added to ours. */
export type AddedStatus = string & { readonly [added]: true };

/** Where a question stands: `pending` until it is stored, then what the last stage that is done with it says, at last an end. */
export type Status =
  | 'pending'
  | 'questions_added'
  | 'researched'
  | 'generated'
  | 'reviewed'
  | AddedStatus
  | (typeof ENDS)[number];

/** The status of a question whose record became a dead letter. */
export const DEAD_LETTERED = 'dead_lettered' satisfies Status;
