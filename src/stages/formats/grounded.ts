import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import { contentHashOf, type Evidence, placeText } from '../evidence/piece.ts';
import type { Example, Research } from '../example.ts';
import { readBy, typeOfCandidate } from '../training-types/former.ts';
import { trainingTypeNamed } from '../training-types/index.ts';
import { answeredMessages, messagesOf } from './chat-message.ts';
import { defineFormat } from './format.ts';
import { turnsOf } from './turns-of.ts';

const documentRule = z.strictObject({
  title: z.string(),
  text: z.string(),
  source: z.string(),
  /** Whether the answer rests on it. */
  cited: z.boolean(),
});

/** Questions with the passages that their answers rest on, for models that are to answer from what they are given. */
export const rag = defineFormat({
  name: 'rag',
  description: 'chat messages with the passages that the answer rests on',
  omits: 'Reasoning and tools are left out, and of a preference pair only the chosen answer is kept.',
  whole: {
    lineOf: (example, _asker, distractors) => {
      const research = lookedUp(example);
      const { evidence = [], passages = [], coverage } = research;
      const documents = passages.map(({ hash, text }) => {
        const from = evidence.find(({ passageHash }) => passageHash === hash);
        return {
          title: from?.title ?? '',
          text,
          source: from === undefined ? '' : sourceOf(from),
          cited: true,
        };
      });
      const others = distractors.map(({ title, text, ...from }) => {
        return { title, text, source: sourceOf(from), cited: false };
      });
      const mixed =
        others.length === 0 ? documents : inNoOrder([...documents, ...others], example.questionId);
      return { messages: said(example), documents: mixed, answerable: coverage !== 'none' };
    },
    rule: z.strictObject({
      messages: answeredMessages,
      documents: z.array(documentRule),
      answerable: z.boolean(),
    }),
  },
});

const citationRule = z.strictObject({
  number: z.number().int(),
  quote: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  path: z.string().nullable(),
  place: z.string(),
  license: z.string().nullable(),
});

/** Answers with the quotes that prove them. */
export const citations = defineFormat({
  name: 'citations',
  description: 'chat messages with the quotes that prove the answer, and where they stand',
  omits: rag.omits,
  whole: {
    keepsMarks: true,
    lineOf: (example) => ({
      messages: said(example),
      citations: (lookedUp(example).evidence ?? []).map((evidence, index) => {
        const { quote, title, url = null, path = null, license = null } = evidence;
        return { number: index + 1, quote, title, url, path, place: placeText(evidence), license };
      }),
    }),
    rule: z.strictObject({ messages: answeredMessages, citations: z.array(citationRule) }),
  },
});

/** Throws a Failure that gives the reason why the example has no line. */
function lookedUp({ research }: Example): Research {
  if (research.coverage !== undefined) return research;
  throw new Failure('content', 'no_sources', 'the example was made from memory, not from sources');
}

function said({ question, candidate }: Example) {
  const { history = [], system } = question;
  const type = typeOfCandidate(candidate, question) ?? trainingTypeNamed(question.trainingType);
  const turns = readBy(type, candidate, question).turns();
  return messagesOf([...turnsOf(history), ...turns], { system });
}

/** The same for ever, and nothing that a model could learn: what is cited would stand first else. */
function inNoOrder<T extends Readonly<{ text: string }>>(documents: readonly T[], id: string): readonly T[] {
  const places = new Map(documents.map((each) => [each, contentHashOf(id, each.text)]));
  const placeOf = (each: T) => places.get(each) ?? '';
  return documents.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

function sourceOf({ url, path, source }: Pick<Evidence, 'url' | 'path' | 'source'>): string {
  return url ?? path ?? source;
}
