import { ownField } from '../../text/json.ts';

/** A place in a candidate, step by step; `*` stands for each item of a list. */
export type TextPlace = readonly string[];

/** The texts at a place, each with where exactly it stands. */
export function textsAt(
  value: unknown,
  path: TextPlace,
  place: readonly (string | number)[] = [],
): readonly (readonly [readonly (string | number)[], string])[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? [[place, value]] : [];
  if (step === '*')
    return Array.isArray(value)
      ? value.flatMap((each: unknown, index) => textsAt(each, rest, [...place, index]))
      : [];
  return textsAt(ownField(value, step), rest, [...place, step]);
}

/** The steps of a JSON pointer (RFC 6901). */
export function stepsOf(pointer: string): TextPlace {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
