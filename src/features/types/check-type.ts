import { z } from 'zod';
import { simulatedAnswer } from '../../infra/models/simulated/answer.ts';
import { withRealCalls } from '../../infra/models/simulated/tool-calls.ts';
import { printableJson } from '../../infra/terminal/format.ts';
import type { Example } from '../../stages/example.ts';
import { type Question, questionIdOf } from '../../stages/question.ts';
import { typeFrom } from '../../stages/training-types/data/from-definition.ts';
import type { AnyTrainingType, ParsedCandidate } from '../../stages/training-types/training-type.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import { checkedByCode } from './checked-text.ts';
import { rowsText } from './rows-text.ts';

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'look_up',
    description: 'Looks a term up.',
    parameters: { type: 'object', properties: { term: { type: 'string' } }, required: ['term'] },
  },
};

/** What a type is, with a made-up candidate in the hands of the judge and of every format. Throws Failures where that goes wrong. */
export function checkedType(type: AnyTrainingType): Readonly<{ shown: string }> {
  const question: Question = {
    ...{ text: 'Why does ice float on water?', context: '', topic: 'chemistry', subTopic: '' },
    trainingType: type.name,
    ...(type.calls === undefined ? {} : { tools: [TOOL] }),
  };
  const { $schema: _, ...schema } = z.toJSONSchema(type.candidate, { target: 'draft-7', io: 'output' });
  const invention = { hash: 7, question: question.text, approve: true };
  const invented = withRealCalls(simulatedAnswer(schema, invention), [TOOL.function], invention);
  const candidate = parsedOr(unverified(type), invented, question);
  const head = [
    `${type.name}: ${type.description}`,
    `What is written:\n${printableJson(schema, undefined, 2)}`,
    `Instructions:\n${type.instructions}`,
    ...checkedByCode(type),
  ];
  if (candidate instanceof Failure) return { shown: [...head, unfitText(candidate)].join('\n\n') };
  const parts = [
    ...head,
    `A made-up candidate, as the judge sees it:\n${candidate.present()}`,
    ...rowsText(exampleOf(question, candidate.value)),
  ];
  return { shown: parts.join('\n\n') };
}

/** What is made up keeps to its schema, and to no check beside it. */
function unverified(type: AnyTrainingType): AnyTrainingType {
  if (type.definition?.['verify'] === undefined) return type;
  return typeFrom({ ...type.definition, verify: undefined }, type.name);
}

function parsedOr(type: AnyTrainingType, invented: unknown, question: Question): ParsedCandidate | Failure {
  try {
    return type.parse(invented, question);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind === 'content') return failure;
    throw error;
  }
}

function unfitText({ message }: Failure): string {
  return `A made-up candidate keeps to no pattern and to few lengths, so that none is shown. A simulated run fails with it, too:\n${message}`;
}

function exampleOf(question: Question, candidate: unknown): Example {
  return {
    ...{ v: 2, lane: 'main', questionId: questionIdOf(question), revision: 0, simulated: true },
    ...{ question, candidate, provenance: [] },
    research: { summary: '', keyPoints: [], caveats: [] },
    review: { scores: {}, score: 8, verdict: 'approved', feedback: '' },
  };
}
