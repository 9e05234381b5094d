/** A number in [0, 1), another one each time. */
export type Random = () => number;

/** A 32-bit hash (FNV-1a) of the text: fast, and no protection against anyone. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** An endless series that the seed alone decides (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A log-normal draw with the given mean; `sigma` 0 gives the mean itself. */
export function logNormal(mean: number, sigma: number, random: Random): number {
  if (sigma === 0 || mean === 0) return mean;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(sigma * normal - (sigma * sigma) / 2);
}

/** Picks one of the kinds, each by its share, or none with what is left of 1. `draw` is in [0, 1). */
export function drawn<Kind extends string>(
  shares: Readonly<Partial<Record<Kind, number>>>,
  kinds: readonly Kind[],
  draw: number,
): Kind | undefined {
  let bound = 0;
  for (const kind of kinds) {
    bound += shares[kind] ?? 0;
    if (draw < bound) return kind;
  }
  return undefined;
}
