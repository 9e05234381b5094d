import { z } from 'zod';
import { ownField } from '../../text/json.ts';
import { linearPattern } from '../../text/linear-pattern.ts';
import { stepsOf, textsAt } from './texts-at.ts';

const RANGE = /^(\d{1,6})?\.\.(\d{1,6})?$/;
const field = z
  .string()
  .regex(/^\/./, 'expected a place in the candidate such as /front, or /tags/* for each of a list')
  .max(200);
const range = z.union([
  z.number().int().nonnegative(),
  z.string().regex(RANGE, 'expected a range such as 2..60, 2.. or ..60'),
]);
const pattern = z.string().min(1).max(1_000);

/** What code looks for in a text of a candidate, once its schema fits. */
export const checkSchema = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('pattern'), field, pattern }),
  z.strictObject({ use: z.literal('no-pattern'), field, pattern }),
  z.strictObject({
    use: z.literal('length'),
    field,
    words: range.optional(),
    characters: range.optional(),
  }),
]);
type Check = z.output<typeof checkSchema>;

/** What is wrong in a text, for the model that is asked again; `undefined` where nothing is. */
type FaultIn = (text: string) => string | undefined;

/** The schema with the checks after it. Throws an Error that says which of them cannot be used. */
export function checked(schema: z.ZodType<unknown>, checks: readonly Check[]): z.ZodType<unknown> {
  if (checks.length === 0) return schema;
  const made = checks.map((check) => [stepsOf(check.field), faultBy(check)] as const);
  return schema.superRefine((value, context) => {
    for (const [place, faultIn] of made)
      for (const [path, text] of textsAt(value, place)) {
        const message = faultIn(text);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [...path], message });
      }
  });
}

/**
 * What is wrong with where the checks look, as the end of "types/card.yaml: verify"; `undefined` where each finds texts.
 * @param candidate the JSON schema of the candidate.
 */
export function faultInChecks(candidate: unknown, checks: readonly Check[]): string | undefined {
  for (const [index, check] of checks.entries()) {
    const why = faultAt(candidate, stepsOf(check.field)) ?? faultInRange(check);
    if (why !== undefined) return `[${index}] (${check.field}) ${why}`;
  }
  return undefined;
}

function faultInRange(check: Check): string | undefined {
  if (check.use !== 'length') return undefined;
  const ranges = [check.words, check.characters].flatMap((each) => (each === undefined ? [] : [each]));
  if (ranges.length === 0) return 'says no length: expected words or characters, such as 2..60';
  const wrong = ranges.find((each) => boundsOf(each).least > boundsOf(each).most);
  return wrong === undefined ? undefined : `says ${wrong}, which no text has`;
}

/** Of a choice of several, one that holds such a place is enough. */
function faultAt(schema: unknown, path: readonly string[]): string | undefined {
  const { anyOf, oneOf = anyOf } = Object(schema);
  if (!Array.isArray(oneOf)) return faultBelow(schema, path);
  const faults = oneOf.map((choice) => faultAt(choice, path));
  return faults.includes(undefined) ? undefined : faults[0];
}

function faultBelow(schema: unknown, [step, ...rest]: readonly string[]): string | undefined {
  const { type, properties, items } = Object(schema);
  if (step === undefined)
    return [type].flat().includes('string') ? undefined : 'is no text: expected a place that holds one';
  if (step === '*')
    return items === undefined ? 'is no list: * stands for each of a list' : faultAt(items, rest);
  const inner = ownField(properties, step);
  if (inner !== undefined) return faultAt(inner, rest);
  const names = Object.keys(Object(properties)).join(', ');
  return `is nowhere: there is ${names === '' ? 'nothing below' : names}`;
}

function faultBy(check: Check): FaultIn {
  if (check.use === 'length') return faultInLength(check);
  const compiled = linearPattern(check.pattern);
  const wanted = check.use === 'pattern';
  const message = `expected ${wanted ? 'text' : 'no text'} like ${check.pattern}`;
  return (text) => (compiled.matcher(text).find() === wanted ? undefined : message);
}

function faultInLength({ words, characters }: Extract<Check, { use: 'length' }>): FaultIn {
  return (text) =>
    faultInCount(words, 'words', () => wordsIn(text)) ??
    faultInCount(characters, 'characters', () => [...text].length);
}

function faultInCount(
  wanted: string | number | undefined,
  unit: string,
  counted: () => number,
): string | undefined {
  if (wanted === undefined) return undefined;
  const { least, most } = boundsOf(wanted);
  const came = counted();
  if (came >= least && came <= most) return undefined;
  return `expected ${said(least, most)} ${unit}, came ${came}`;
}

function said(least: number, most: number): string {
  if (least === most) return String(least);
  if (most === Number.POSITIVE_INFINITY) return `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}

function boundsOf(wanted: string | number): Readonly<{ least: number; most: number }> {
  if (typeof wanted === 'number') return { least: wanted, most: wanted };
  const [, least, most] = RANGE.exec(wanted) ?? [];
  return { least: Number(least ?? 0), most: most === undefined ? Number.POSITIVE_INFINITY : Number(most) };
}

/** Made at its first use: it loads the data of languages, and takes longer to make than a text to count. */
let segmenter: Intl.Segmenter | undefined;

/** Also where a script writes them without spaces. */
function wordsIn(text: string): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike === true) count += 1;
  return count;
}
