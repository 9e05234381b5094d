import { shadowOfLane } from '../../../src/stages/judges/shadow-name.ts';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import type { ShadowRepository, ShadowVerdict } from '../../../src/stages/store/shadow-repository.ts';
import { laneOf, recipes } from '../stage/stage-fixtures.ts';
import { laneName, questionId } from '../stage/work.ts';

/** The lane of a shadow judge beside the one of `main`. */
export function shadowLane(name: string, overrides: Partial<Lane> = {}): Lane {
  const review = recipes({ settings: { model: `${name}-model` }, minScore: 8 });
  return laneOf({
    name: laneName(`shadow-${name}`),
    parent: 'main',
    shadow: true,
    recipes: review,
    ...overrides,
  });
}

export function shadowVerdict(overrides: Partial<ShadowVerdict> = {}): ShadowVerdict {
  return {
    ...{ shadow: 'strict', lane: laneName('main'), questionId: questionId('0'.repeat(24)), revision: 0 },
    ...{ live: 'approved', liveScore: 8, verdict: 'rejected', score: 5, feedback: 'Too thin.' },
    at: '2026-03-01T12:00:00.000Z',
    ...overrides,
  };
}

/** A book in memory of these shadows. People agreementWithPeople with the live judge once, and with the shadow twice. */
export function fakeShadows(
  lanes: readonly Lane[],
  verdicts: readonly ShadowVerdict[] = [],
): ShadowRepository {
  const kept = [...verdicts];
  const of = (name: string) => kept.filter(({ shadow }) => shadow === name);
  return {
    keep: async (verdict) => void kept.push(verdict),
    shadows: async () => lanes.filter(({ name }) => shadowOfLane(name) !== undefined),
    counts: async (name, sinceDay) =>
      of(name)
        .map(({ at, live, verdict, score, liveScore }) => {
          const difference = { count: 1, scoreDifference: score - liveScore };
          return { day: at.slice(0, 10), live, verdict, ...difference };
        })
        .filter(({ day }) => day >= sinceDay)
        .toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    disagreements: async ({ shadow, from = '0', limit }) => {
      const differ = of(shadow)
        .filter(({ live, verdict }) => live !== verdict)
        .toSorted((a, b) => (a.at < b.at ? 1 : -1));
      const to = Number(from) + limit;
      return { verdicts: differ.slice(Number(from), to), next: to < differ.length ? String(to) : undefined };
    },
    verdictsOn: async (lane, id) => kept.filter((each) => each.lane === lane && each.questionId === id),
    agreementWithPeople: async () => ({ withLive: 1, withShadow: 2 }),
  };
}
