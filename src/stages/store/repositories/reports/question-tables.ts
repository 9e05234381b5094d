import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import { exampleSchema } from '../../../example.ts';
import { questionSchema, type Submission } from '../../../question.ts';
import { branded, jsonText } from '../../table/read-stored.ts';
import { tableOf } from '../../table/table.ts';

/** By lane and question. The order in which they arrived is of whatever kind a store keeps it; when one ended counts once it has. */
export const QUESTIONS = tableOf(
  'questions',
  { id: 'text', lane: 'text', questionId: 'text', question: 'text', status: 'word', rank: 'number' },
  { arrived: 'time', endedAt: 'time' },
);
/** By run, lane and question. */
export const SUBMISSIONS = tableOf('submissions', {
  ...{ run: 'text', lane: 'text', questionId: 'text', position: 'number', userId: 'text', metadata: 'text' },
});
const outcomesIn = (name: string) =>
  tableOf(name, { id: 'text', lane: 'text', questionId: 'text' }, { arrived: 'time', finished: 'text' });
/** What came of questions, by lane and question. */
export const OUTCOMES = { approved: outcomesIn('dataset'), rejected: outcomesIn('rejections') } as const;

export const questionRow = z.object({
  id: z.string(),
  lane: branded<LaneName>(),
  questionId: branded<QuestionId>(),
  question: jsonText(questionSchema),
  status: z.string(),
  rank: z.number(),
  arrived: z.union([z.number(), z.string()]),
});

export const submissionRow = z
  .object({
    run: z.string(),
    lane: branded<LaneName>(),
    questionId: branded<QuestionId>(),
    position: z.number(),
    userId: z.string().nullable(),
    metadata: jsonText(z.record(z.string(), z.unknown())).nullable(),
  })
  .transform(({ run, position, userId, metadata, ...asked }) => {
    const named = userId === null ? {} : { id: userId };
    const submission: Submission = { run, position, ...named, ...(metadata === null ? {} : { metadata }) };
    return { ...asked, submission };
  });
/** Who asked which question. */
export type Submitted = z.output<typeof submissionRow>;

export const outcomeRow = z
  .object({
    id: z.string(),
    questionId: branded<QuestionId>(),
    finished: jsonText(z.object({ result: exampleSchema })),
  })
  .transform(({ finished, ...row }) => ({ ...row, example: finished.result }));
