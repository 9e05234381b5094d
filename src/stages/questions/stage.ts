import type { Stage } from '../../streams/delivery/stage.ts';
import {
  decodeMessage,
  type QuestionsMessage,
  questionsMessage,
  recordOf,
  versionFor,
  workKeyOf,
} from '../message.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import type { QuestionStore, QuestionStored } from '../store/store.ts';
import { parseExact } from '../text/parse-exact.ts';
import { unpaidResult } from '../unpaid-result.ts';

/** Stage 1: stores the question and who asked it. The same question asked again is one question. */
export function questionsStage(
  topics: Topics,
  store: QuestionStore,
): Stage<QuestionsMessage, QuestionStored> {
  const workOf = (message: QuestionsMessage) => workKeyOf('questions', message);
  return {
    name: 'questions',
    topic: topics.questions,
    store,
    // Strangers may write this topic: what they know their question by keeps its digits.
    decode: (record) => decodeMessage(questionsMessage, record, parseExact),
    workOf,
    accept: (message) => store.accept(workOf(message), message.question, message.submission),
    run: async () => unpaidResult({ stored: true }),
    decide: ({ v, lane, revision, drive, question, added }) => ({
      kind: 'emit',
      status: 'questions_added',
      topic: topics.research,
      // A stranger may have put the parts of a question into a record of version 1.
      records: [
        recordOf(questionIdOf(question), {
          v: v === 1 ? versionFor(question) : v,
          lane,
          revision,
          drive,
          question,
          added,
        }),
      ],
    }),
  };
}
