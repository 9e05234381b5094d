/** How much of the prompts the servers had kept: what stands before the question is shared by many. Empty where none of it. */
export function cacheLines({ input, cached }: Readonly<{ input: number; cached: number }>): string[] {
  if (cached === 0) return [];
  const share = Math.round((100 * cached) / Math.max(input, cached));
  return [`${share} % of the prompts' tokens came from a server's cache.`];
}
