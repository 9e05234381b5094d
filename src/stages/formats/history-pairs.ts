import { answerWithThought, type Pair, type Turn } from './turn.ts';

/**
 * What the approved candidate and one that was sent back are to each other: answers to the same prompt, of which the
 * approved one is preferred. `undefined` where the prompts, or the turns before them, differ: then nothing says which
 * answer is the better one.
 */
export function pairFrom(approved: readonly Turn[], sentBack: readonly Turn[]): Pair | undefined {
  const [chosen, rejected] = [approved.at(-1), sentBack.at(-1)];
  if (chosen === undefined || rejected === undefined) return undefined;
  // Which of the calls makes the answer better, nothing says.
  if (chosen.steps !== undefined || rejected.steps !== undefined) return undefined;
  const before = approved.slice(0, -1);
  const sameBefore = JSON.stringify(before) === JSON.stringify(sentBack.slice(0, -1));
  if (!sameBefore || chosen.user !== rejected.user) return undefined;
  const pair = {
    prompt: chosen.user,
    chosen: answerWithThought(chosen),
    rejected: answerWithThought(rejected),
    ...(chosen.apart === undefined ? {} : { apart: chosen.apart }),
  };
  return before.length === 0 ? pair : { before, ...pair };
}
