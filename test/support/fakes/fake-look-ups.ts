import type { KeptLookUp, LookUpRepository } from '../../../src/stages/store/look-up-repository.ts';

/** Look-ups in memory. */
export function fakeLookUps(): Pick<LookUpRepository, 'find' | 'keep'> {
  const kept = new Map<string, KeptLookUp>();
  const find = (key: string, nowMs: number) => {
    const found = kept.get(key);
    return found !== undefined && found.untilMs > nowMs ? found : undefined;
  };
  return {
    find: async (key, nowMs) => find(key, nowMs)?.body,
    keep: async (lookUp) => {
      const standing = find(lookUp.key, lookUp.atMs) ?? lookUp;
      kept.set(lookUp.key, standing);
      return standing.body;
    },
  };
}
