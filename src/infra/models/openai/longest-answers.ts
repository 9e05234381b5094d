// A dated name is the same model.
const DATE_SUFFIX = /-(\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * Output tokens: a snapshot of what vendors said in early 2026, for estimates, and may be out of date. A model that is not
 * here finds its limit by being refused.
 */
const LONGEST: Readonly<Record<string, number>> = {
  'gpt-4o': 16_384,
  'gpt-4o-mini': 16_384,
  'gpt-4.1': 32_768,
  'gpt-4.1-mini': 32_768,
  'gpt-4.1-nano': 32_768,
  'gpt-5': 128_000,
  'gpt-5.1': 128_000,
  'gpt-5-mini': 128_000,
  'gpt-5-nano': 128_000,
  o1: 100_000,
  o3: 100_000,
  'o3-mini': 100_000,
  'o4-mini': 100_000,
};

/** The most tokens that a well-known model writes in one answer. */
export function longestAnswer(model: string): number | undefined {
  const name = model.replace(DATE_SUFFIX, '');
  return Object.hasOwn(LONGEST, name) ? LONGEST[name] : undefined;
}
