/**
 * A whole number with thousands apart, as people read it: `12,345`. The first number that `Intl` formats loads the data of its
 * languages, which takes a twentieth of a start.
 */
export function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}
