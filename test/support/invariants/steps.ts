import { z } from 'zod';
import type { RunFacts, StepFact } from './facts.ts';
import type { World } from './world.ts';

/** A step as the stores keep it. */
export const keptStep = z
  .object({ n: z.number(), key: z.string(), kind: z.string(), model: z.string() })
  .transform(({ n, key, kind, model }) => ({ n, key, asked: kind === 'turn' && model !== '' }));

/** The steps of a work stand in order without a gap, each act is one step, and the work is there. */
export function steps({ facts }: World): string[] {
  const works = new Set(facts.works.map(idOf));
  return [...byWork(facts.steps)].flatMap(([work, its]) => {
    const numbers = its.map(({ n }) => n);
    const keys = its.map(({ key }) => key);
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    return [
      ...(works.has(work) ? [] : [`steps: ${work} has steps and is no work`]),
      ...(numbers.every((n, index) => n === index) ? [] : [`steps: ${work} has [${numbers.join(', ')}]`]),
      ...twice.map((key) => `steps: ${work} has ${key} twice`),
    ];
  });
}

/** What the model answered for finished works, and for those that are under way: of a work that goes step by step, each of its turns. */
export function answersKept({
  works,
  steps: all,
  tally,
}: Pick<RunFacts, 'works' | 'steps' | 'tally'>): number {
  const stepped = byWork(all);
  const done = works.filter((work) => work.state === 'done' && stepped.has(idOf(work))).length;
  return tally.done - done + all.filter(({ asked }) => asked).length;
}

function byWork(all: readonly StepFact[]): ReadonlyMap<string, readonly StepFact[]> {
  return Map.groupBy(all, ({ work }) => work);
}

function idOf({ lane, questionId, stage, revision }: RunFacts['works'][number]): string {
  return `${lane}/${questionId}/${stage}/${revision}`;
}
