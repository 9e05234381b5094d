import type { z } from 'zod';
import { type Submission, submissionSchema } from './question.ts';

/** The id and the metadata under which a user asked a question. */
export const userReferenceSchema = submissionSchema.pick({ id: true, metadata: true });
export type UserReference = Readonly<z.output<typeof userReferenceSchema>>;

/** The references of all who asked a question, each once: the same file asked again says the same. */
export function userReferencesOf(submissions: readonly Submission[]): readonly UserReference[] {
  const known = submissions.flatMap(({ id, metadata }): UserReference[] =>
    id === undefined && metadata === undefined
      ? []
      : [{ ...(id === undefined ? {} : { id }), ...(metadata === undefined ? {} : { metadata }) }],
  );
  return [...new Map(known.map((each) => [JSON.stringify(each), each])).values()];
}
