import { questionValues } from '../agent/question-values.ts';
import type { Question } from '../question.ts';
import type { ParsedCandidate } from '../training-types/training-type.ts';
import type { Apart, Turn } from './turn.ts';

/** The candidate with the source of its question, context and passages, before the first thing that its user says. */
export function withContext(candidate: ParsedCandidate, question: Question): ParsedCandidate {
  const { source, passages } = questionValues(question);
  const context = [source, passages].filter((text) => text !== '').join('\n\n');
  if (context === '') return candidate;
  return {
    ...candidate,
    turns: () => ledBy(context, candidate.turns()),
    pair: () => {
      const pair = candidate.pair();
      if (pair?.before !== undefined && pair.before.length > 0)
        return { ...pair, before: ledBy(context, pair.before) };
      if (pair === undefined || pair.prompt.includes(context)) return pair;
      const apart = { context, question: pair.prompt };
      return { ...pair, prompt: whole(apart), apart };
    },
  };
}

function ledBy(context: string, [first, ...rest]: readonly Turn[]): readonly Turn[] {
  if (first === undefined) return [];
  // A type of one's own may have said it already.
  if (first.user.includes(context)) return [first, ...rest];
  const apart = { context, question: first.user };
  return [{ ...first, user: whole(apart), apart }, ...rest];
}

function whole({ context, question }: Apart): string {
  return `${context}\n\n${question}`;
}
