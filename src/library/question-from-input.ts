import { z } from 'zod';
import type { Asked } from '../features/questions/question-record.ts';
import type { Settings } from '../infra/config/settings.ts';
import type { QuestionEntry, RowAnswers } from '../infra/input/input-entry.ts';
import type { From } from '../infra/input/mapping/meant.ts';
import { answerOfValue } from '../infra/input/mapping/shapes/own-question.ts';
import { loadChecksFor, loadChecksNamedIn, withGiven } from '../infra/input/mapping/with-given.ts';
import { questionInputSchema, submissionInputSchema } from '../stages/input-schemas.ts';
import { faultInSources } from '../stages/question-parts/parts.ts';
import { faultInTools } from '../stages/training-types/called-tools.ts';
import { trainingTypeNamed } from '../stages/training-types/index.ts';
import { Failure } from '../streams/failure.ts';
import { withoutUndefined } from '../streams/without-undefined.ts';
import type { QuestionInput } from './options.ts';

/** What answers beside questions are for. */
export type FromOption = Readonly<{
  /**
   * `answer` and `pair`: the `answer`, or `chosen` and `rejected`, of each question are judged, good ones kept at no call of a writer, and weak
   * ones written anew. Default: all questions are asked anew, and answers beside them stay with their metadata.
   */
  from?: From | undefined;
}>;

const askedSchema = submissionInputSchema
  .pick({ id: true, metadata: true })
  .extend({ question: questionInputSchema });

/** The question with the defaults of the options. Throws a Failure (`bad_question`) that names its position. */
export function questionFromInput(
  input: QuestionInput,
  { settings, from }: Readonly<{ settings: Settings }> & FromOption,
  position: number,
): Asked {
  const {
    question: text,
    id: givenId,
    metadata: own,
    ...rest
  } = typeof input === 'string' ? { question: input } : input;
  const { answer, chosen, rejected, ...parts } = rest;
  const { topic, subTopic, trainingType } = settings;
  const answers = Object.entries({ answer, chosen, rejected }).filter(([, value]) => value !== undefined);
  const parsed = askedSchema.safeParse({
    question: { topic, subTopic, trainingType, ...parts, text },
    id: givenId,
    metadata: answers.length === 0 ? own : { ...Object.fromEntries(answers), ...own },
  });
  if (!parsed.success) throw bad(position, z.prettifyError(parsed.error));
  const { question, id, metadata } = parsed.data;
  const tooLong = faultInSources(question.context, question.passages);
  if (tooLong !== undefined) throw bad(position, `passages: ${tooLong}.`);
  const fault = faultInTools(trainingTypeNamed(question.trainingType), question.tools);
  if (fault !== undefined) throw bad(position, `tools: ${fault}.`);
  const brought = broughtBy(rest);
  const entry: QuestionEntry = {
    ...{ kind: 'question', question, line: position + 1 },
    ...withoutUndefined({ id, metadata, brought }),
  };
  // What was read from files has its answer already.
  const how =
    question.given === undefined ? { from, research: settings.research === 'memory' || undefined } : {};
  const read = withGiven({ line: position + 1, label: '', text: '' }, entry, {
    research: undefined,
    from: undefined,
    ...how,
  });
  if (read.kind === 'bad') throw bad(position, read.reason);
  const { kind: _, line: _line, brought: _brought, ...asked } = read;
  return asked;
}

/** All that is asked, each with the defaults of the options. Throws as `questionFromInput`. */
export async function* questionsFromInputs(
  questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>,
  asker: Readonly<{ settings: Settings }> & FromOption,
): AsyncGenerator<Asked> {
  await loadChecksFor(asker.from, asker.settings.trainingType);
  let position = 0;
  for await (const question of questions) {
    await loadChecksNamedIn(question);
    yield questionFromInput(question, asker, position++);
  }
}

function broughtBy({ answer, chosen, rejected }: Readonly<Record<string, unknown>>): RowAnswers | undefined {
  const [good, better, worse] = [answerOfValue(answer), answerOfValue(chosen), answerOfValue(rejected)];
  if (better !== undefined && worse !== undefined) return { kind: 'pair', chosen: better, rejected: worse };
  return good === undefined ? undefined : { kind: 'answer', answer: good };
}

function bad(position: number, why: string): Failure {
  return new Failure('fatal', 'bad_question', `Question ${position + 1}: ${why}`);
}
