/** Whether objects and arrays are nested more than `depth` deep in the value; looks no deeper than that. */
export function isNestedDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((inner) => isNestedDeeperThan(inner, depth - 1));
}
