import { Failure } from '../../../streams/failure.ts';

/** Where a list by time and id goes on. */
export type PagePlace = Readonly<{ at: string; id: string }>;

/** Where the page behind this one begins; none behind one that is not full. */
export function nextPlace<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (last: T) => PagePlace,
): string | undefined {
  const last = rows.length < limit ? undefined : rows.at(-1);
  if (last === undefined) return undefined;
  const { at, id } = placeOf(last);
  return `${at}~${id}`;
}

/** Throws a Failure of kind `poison` (`bad_place`) for what no page gave. */
export function pagePlaceOf(text: string): PagePlace {
  const [, at, id] = /^([^~]{1,40})~(.{1,400})$/.exec(text) ?? [];
  if (at !== undefined && id !== undefined) return { at, id };
  throw badPlace(text);
}

/** The same of a list whose times are milliseconds. */
export function msOfPlace(text: string): Readonly<{ ms: number; id: string }> {
  const { at, id } = pagePlaceOf(text);
  if (/^\d{1,15}$/.test(at)) return { ms: Number(at), id };
  throw badPlace(text);
}

/** What is said of a place that no page gave. */
export function badPlace(text: string): Failure {
  return new Failure('poison', 'bad_place', `No page ends at ${JSON.stringify(text.slice(0, 40))}.`);
}
