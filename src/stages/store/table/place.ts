import { Failure } from '../../../streams/failure.ts';

/** Where a list by time and id goes on. */
export type Place = Readonly<{ at: string; id: string }>;

export function placeText({ at, id }: Place): string {
  return `${at}~${id}`;
}

/** Throws a Failure of kind `poison` (`bad_place`) for what no page gave. */
export function placeOf(text: string): Place {
  const [, at, id] = /^([^~]{1,40})~(.{1,400})$/.exec(text) ?? [];
  if (at !== undefined && id !== undefined) return { at, id };
  throw new Failure('poison', 'bad_place', `No page ends at ${JSON.stringify(text.slice(0, 40))}.`);
}
