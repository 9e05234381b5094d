import { z } from 'zod';
import type { Submission } from '../../../../stages/question.ts';
import { jsonText } from '../../../../stages/store/table/read-stored.ts';

/** The columns of a submission; `undefined` where an outer join found none. */
export const submissionRow = z
  .object({
    run: z.string().nullable(),
    position: z.number().nullable(),
    user_id: z.string().nullable(),
    metadata: jsonText(z.record(z.string(), z.unknown())).nullable(),
  })
  .transform(({ run, position, user_id, metadata }): Submission | undefined =>
    run === null
      ? undefined
      : {
          run,
          position: position ?? 0,
          ...(user_id === null ? {} : { id: user_id }),
          ...(metadata === null ? {} : { metadata }),
        },
  );
