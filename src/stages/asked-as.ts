import type { z } from 'zod';
import { type Submission, submissionSchema } from './question.ts';

/** What an asker knows a question by. */
export const askedAsSchema = submissionSchema.pick({ id: true, metadata: true });
export type AskedAs = Readonly<z.output<typeof askedAsSchema>>;

/** What the askers of a question know it by, each thing once: who asks again says the same again. */
export function askedAs(submissions: readonly Submission[]): readonly AskedAs[] {
  const known = submissions.flatMap(({ id, metadata }): AskedAs[] =>
    id === undefined && metadata === undefined
      ? []
      : [{ ...(id === undefined ? {} : { id }), ...(metadata === undefined ? {} : { metadata }) }],
  );
  return [...new Map(known.map((each) => [JSON.stringify(each), each])).values()];
}
