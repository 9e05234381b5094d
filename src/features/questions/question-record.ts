import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import type { Recipes } from '../../stages/lanes/recipe.ts';
import { recordOf, versionIn } from '../../stages/message.ts';
import { type Question, questionIdOf, type Submission } from '../../stages/question.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { Log, OutgoingRecord } from '../../streams/log/log.ts';
import { withoutUndefined } from '../../streams/without-undefined.ts';
import type { LaneName } from '../../streams/work/work.ts';

/** A question and what its asker calls it. */
export type Asked = Readonly<{
  question: Question;
  id?: string;
  metadata?: Readonly<Record<string, unknown>>;
}>;

/** Questions that are there, or that come. */
export type Supply<Each> = Iterable<Each> | AsyncIterable<Each>;

/** Who asks, and where in all that they ask. */
export type Asking = Readonly<{
  run: string;
  position: number;
  lane?: LaneName;
  recipes?: Recipes | undefined;
}>;

/** A question as a record of the first topic, with who asked it. */
export function questionRecord(
  { question, id, metadata }: Asked,
  { run, position, lane = MAIN_LANE, recipes }: Asking,
): OutgoingRecord {
  const submission: Submission = { run, position, ...withoutUndefined({ id, metadata }) };
  const message = { v: versionIn(recipes, question), lane, question, submission } as const;
  const questionId = questionIdOf(question);
  return { ...recordOf(questionId, message), trace: `${lane}/${questionId}` };
}

/** Publishes questions, the first of them at the position. Resolves once the log has acknowledged them all. */
export function publishQuestions(
  log: Pick<Log, 'publish'>,
  namespace: string,
  asked: readonly Asked[],
  asking: Asking,
): Promise<void> {
  const records = asked.map((each, index) =>
    questionRecord(each, { ...asking, position: asking.position + index }),
  );
  return log.publish(topicsOf(namespace).questions, records);
}
