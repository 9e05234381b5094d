import { z } from 'zod';
import { isEnd } from '../../../src/stages/status.ts';
import type { DeadLetterFact, EndFact } from './facts.ts';
import type { World } from './world.ts';

const exampleSchema = z.looseObject({
  lane: z.string(),
  questionId: z.string(),
  revision: z.number(),
  retracted: z.boolean().default(false),
});

/** accepted = approved + rejected + dead-lettered + held, and nobody who was asked for is missing. */
export function conservation(world: World): string[] {
  const { questions } = world.facts;
  const open = questions.filter(({ status }) => !isEnd(status));
  const lost = world.messages('questions').filter(({ about }) => about !== undefined && !knows(world, about));
  return [
    ...open.map(({ lane, questionId, status }) => `conservation: ${lane}/${questionId} stands at ${status}`),
    ...lost.map(({ place }) => `conservation: the question of ${place} was never accepted`),
  ];
}

function knows(world: World, { lane, questionId }: { lane: string; questionId: string }): boolean {
  return world.knows(lane, questionId);
}

/** Exactly one terminal record per question and lane, and the one that its status names. */
export function oneEnd({ facts }: World): string[] {
  const ends = grouped(facts.ends);
  const deadLetters = grouped(facts.deadLetters.filter(({ state }) => state !== 'closed'));
  const problems = facts.questions.flatMap(({ lane, questionId, status }) => {
    const key = `${lane}/${questionId}`;
    const found = [
      ...(ends.get(key) ?? []).map(({ verdict }) => verdict),
      ...(deadLetters.get(key) ?? []).map(() => 'dead_lettered'),
    ];
    if (status === 'held' && found.length === 0) return [];
    return found.length === 1 && found[0] === status
      ? []
      : [`one end: ${key} stands at ${status} and has [${found.join(', ')}]`];
  });
  const known = new Set(facts.questions.map(({ lane, questionId }) => `${lane}/${questionId}`));
  const strays = [...ends.keys()].filter((key) => !known.has(key));
  return [...problems, ...strays.map((key) => `one end: ${key} has an end and is no question`)];
}

function grouped<T extends EndFact | DeadLetterFact>(facts: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(facts, ({ lane, questionId }) => `${lane}/${questionId}`);
}

/** The ledger's highest revision per question is what the dataset holds, unless that was taken back. */
export function ledger(world: World): string[] {
  const highest = new Map<string, Readonly<{ revision: number; text: string; retracted: boolean }>>();
  const problems: string[] = [];
  for (const { offset, value } of world.topic('dataset').records) {
    const parsed = exampleSchema.safeParse(parseJson(value));
    if (!parsed.success) {
      problems.push(`ledger: record ${offset} is no example`);
      continue;
    }
    const { lane, questionId, revision, retracted } = parsed.data;
    const key = `${lane}/${questionId}`;
    if (revision >= (highest.get(key)?.revision ?? 0))
      highest.set(key, { revision, retracted, text: JSON.stringify(parseJson(value)) });
  }
  const approved = new Map(
    world.facts.ends
      .filter(({ verdict }) => verdict === 'approved')
      .map(({ lane, questionId, example }) => [`${lane}/${questionId}`, example]),
  );
  for (const [key, example] of approved)
    if (highest.get(key)?.text !== example)
      problems.push(`ledger: ${key} is not on it as the dataset has it`);
  for (const [key, { retracted }] of highest)
    if (!approved.has(key) && !retracted) problems.push(`ledger: ${key} is on it and not in the dataset`);
  return problems;
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Every stage has read its topic to the end, and nobody holds a claim. */
export function liveness(world: World): string[] {
  const stages = [...world.facts.topics].filter(([name]) => name !== 'dataset');
  const lags = stages.flatMap(([stage, { topic, starts, ends, committed }]) =>
    [...ends]
      .map(([partition, end]) => ({
        partition,
        lag: end - (committed.get(partition) ?? starts?.get(partition) ?? 0n),
      }))
      .filter(({ lag }) => lag !== 0n)
      .map(({ partition, lag }) => `liveness: ${stage} lags ${lag} behind on ${topic}:${partition}`),
  );
  const claims = world.facts.works.filter(({ state }) => state === 'claimed');
  return [
    ...lags,
    ...claims.map(
      ({ lane, questionId, stage, revision }) =>
        `liveness: ${lane}/${questionId}/${stage}/${revision} is still claimed`,
    ),
  ];
}
