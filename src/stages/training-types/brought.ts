import { asFailure } from '../../streams/failure.ts';
import type { Question } from '../question.ts';
import type { Message } from '../question-parts/messages.ts';
import { givenHash } from '../question-parts/parts.ts';
import { trainingTypes } from '../training-types/index.ts';
import { faultInCalls } from './called-tools.ts';
import type { AnyTrainingType, BroughtAnswer } from './training-type.ts';

/** An answer as a row has it: a text, the messages that follow the question, or a candidate of one of our own records. */
type Answer =
  | string
  | readonly (Omit<Message, 'role' | 'tool_calls'> &
      Readonly<{ role: Message['role'] | 'system'; tool_calls?: readonly unknown[] }>)[]
  | Readonly<{ candidate: unknown }>;
export type Brought =
  | Readonly<{ kind: 'answer'; answer: Answer }>
  | Readonly<{ kind: 'pair'; chosen: Answer; rejected: Answer }>;

/**
 * What makes the question one with an answer of somebody else: its training type, and the candidate under its hash. A text says why
 * the answer is none.
 * @param how `research`: the answer is to be held against what the model researches; `ofPairs`: the type of pairs whose question names no type that is made of two answers.
 */
export function broughtCandidateOf(
  question: Question,
  brought: Brought,
  { ofPairs, research }: Readonly<{ ofPairs: string; research?: true | undefined }>,
): Required<Pick<Question, 'trainingType' | 'given'>> | string {
  const named = trainingTypes.get(question.trainingType);
  const type = brought.kind === 'pair' && named?.fromPair === undefined ? trainingTypes.get(ofPairs) : named;
  if (type === undefined) return `training_type: there is none named "${question.trainingType}"`;
  try {
    const raw = rawOf(type, brought, question);
    if (typeof raw === 'string') return raw;
    const candidate = type.parse(raw.candidate, { ...question, trainingType: type.name }).value;
    const fault = faultInCalls(type, candidate, question.tools);
    if (fault !== undefined) return fault;
    return {
      trainingType: type.name,
      given: { sha256: givenHash(candidate), candidate, by: undefined, research },
    };
  } catch (error) {
    return `the answer does not fit: ${asFailure(error).message.replace(/\s*\n\s*/g, ' ')}`;
  }
}

/** The candidate, still to be checked. */
function rawOf(
  type: AnyTrainingType,
  brought: Brought,
  question: Question,
): Readonly<{ candidate: unknown }> | string {
  const cannot = `an answer of the type ${type.name} cannot be brought: it holds more than an answer`;
  if (brought.kind === 'pair') {
    const [chosen, rejected] = [plain(brought.chosen), plain(brought.rejected)];
    if (typeof chosen === 'string') return chosen;
    if (typeof rejected === 'string') return rejected;
    const fault = faultInPair({ chosen, rejected });
    if (fault !== undefined) return fault;
    return type.fromPair === undefined ? cannot : { candidate: type.fromPair(chosen, rejected) };
  }
  const { answer } = brought;
  if (typeof answer === 'object' && 'candidate' in answer) return answer;
  const read = plain(answer);
  if (typeof read === 'string') return read;
  const fault = faultInMessages(type, read.messages);
  if (fault !== undefined) return fault;
  return type.fromAnswer === undefined ? cannot : { candidate: type.fromAnswer(read, question) };
}

/** The words of the answer, or why it is none. */
function plain(answer: Answer): BroughtAnswer | string {
  if (typeof answer === 'string') return { content: answer, messages: [] };
  if ('candidate' in answer) return 'expected an answer, came a candidate of a whole example';
  const last = answer.at(-1);
  if (last?.role !== 'assistant') return "the last message is not the assistant's: no answer to judge";
  return { content: last.content, reasoning: last.reasoning, messages: answer };
}

type Messages = BroughtAnswer['messages'];
const isCall = ({ role, tool_calls = [] }: Messages[number]) => role === 'tool' || tool_calls.length > 0;

/** Both answer the question itself: the last message of several would answer another one. */
function faultInPair(pair: Readonly<Record<'chosen' | 'rejected', BroughtAnswer>>): string | undefined {
  for (const [name, { messages }] of Object.entries(pair)) {
    if (messages.some(isCall)) return `${name}: it calls tools, which no pair can hold`;
    if (messages.length > 1) return `${name}: expected one answer, came ${messages.length} messages`;
  }
  return undefined;
}

/** What of the messages an example of the type has no place for; `undefined` where all of them have one. */
function faultInMessages(type: AnyTrainingType, messages: Messages): string | undefined {
  if (type.calls !== undefined) {
    const stray = messages.slice(0, -1).find((message) => !isCall(message));
    if (stray !== undefined)
      return `expected calls of tools and their results before the answer, came a message of the ${stray.role}`;
    return messages.slice(-1).some(isCall) ? 'expected an answer after the calls of tools' : undefined;
  }
  if (messages.some(isCall))
    return `the answer calls tools, which no ${type.name} example can hold (the training type tool-calls does)`;
  if (messages.length > 1 && type.takesTurns !== true)
    return `expected one answer, came ${messages.length} messages (--as conversation takes them all)`;
  const stray = messages.findIndex(({ role }, index) => role !== (index % 2 === 0 ? 'assistant' : 'user'));
  if (stray < 0) return undefined;
  return `expected answers and messages of the user in turns, came ${messages[stray]?.role} as message ${stray + 1} after the question`;
}
