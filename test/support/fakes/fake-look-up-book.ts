import type { KeptLookUp, LookUpBook } from '../../../src/stages/tools/kept-look-ups.ts';

/** Look-ups in memory. */
export function fakeLookUpBook(): LookUpBook {
  const kept = new Map<string, KeptLookUp>();
  const drop = (isMeant: (lookUp: KeptLookUp) => boolean) => {
    const meant = [...kept.values()].filter(isMeant);
    for (const { key } of meant) kept.delete(key);
    return Promise.resolve(meant.length);
  };
  const find = (key: string, nowMs: number) => {
    const found = kept.get(key);
    return found !== undefined && found.untilMs > nowMs ? found : undefined;
  };
  return {
    find: async (key, nowMs) => find(key, nowMs),
    keep: async (lookUp) => {
      const standing = find(lookUp.key, lookUp.atMs) ?? lookUp;
      kept.set(lookUp.key, standing);
      return standing;
    },
    forgetSource: (source) =>
      drop(({ sources }) => sources.some((each) => each === source || each.startsWith(`${source}/`))),
    dropOlder: (untilMs) => drop((lookUp) => lookUp.untilMs <= untilMs),
  };
}
