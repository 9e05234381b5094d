import { questionKey } from '../../../../stages/store/question-key.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import type { OutcomeDocument, SubmissionDocument } from '../documents.ts';

/** Submissions that are looked up at once: a request each would take longer than to read them all. */
const BATCH = 64;

type RunOutcome = Readonly<{ outcome: OutcomeDocument; submission: SubmissionDocument }>;
type Asked = Readonly<{
  submissions: Collections['submissions'];
  outcomes: Collections['dataset'] | Collections['rejections'];
}>;

/**
 * The outcomes of a lane that a run asked for, in the order of its input: a question once, in however many lanes the run
 * asked it. Memory does not grow with the run. Rejects with the driver's errors.
 */
export async function* inOrderOfInput(
  { submissions, outcomes }: Asked,
  run: string,
  lane: LaneName,
): AsyncGenerator<RunOutcome> {
  const rows = submissions.find({ run }).sort({ position: 1 });
  let batch: SubmissionDocument[] = [];
  const completed = () => outcomesOf({ submissions, outcomes }, lane, batch);
  for await (const submission of rows) {
    batch.push(submission);
    if (batch.length < BATCH) continue;
    yield* await completed();
    batch = [];
  }
  yield* await completed();
}

async function outcomesOf(
  { submissions, outcomes }: Asked,
  lane: LaneName,
  batch: readonly SubmissionDocument[],
): Promise<readonly RunOutcome[]> {
  const [{ run } = { run: '' }] = batch;
  const firsts = await firstsOf(submissions, run, batch);
  const keyOf = ({ questionId }: SubmissionDocument) =>
    questionKey({ lane, questionId: questionId as QuestionId });
  const once = batch.filter(({ _id, questionId }) => firsts.get(questionId) === _id);
  const found = await outcomes.find({ _id: { $in: once.map(keyOf) } }).toArray();
  const byId = new Map(found.map((outcome) => [outcome._id, outcome]));
  return once.flatMap((submission) => {
    const outcome = byId.get(keyOf(submission));
    return outcome === undefined ? [] : [{ outcome, submission }];
  });
}

/** By question, the id of the run's first submission. */
async function firstsOf(
  submissions: Collections['submissions'],
  run: string,
  batch: readonly SubmissionDocument[],
): Promise<ReadonlyMap<string, string>> {
  const questionIds = batch.map(({ questionId }) => questionId);
  const all = await submissions
    .find({ questionId: { $in: questionIds }, run }, { projection: { questionId: 1, position: 1 } })
    .toArray();
  const order = all.toSorted((a, b) => a.position - b.position || (a._id < b._id ? -1 : 1));
  return new Map(order.toReversed().map(({ questionId, _id }) => [questionId, _id]));
}
