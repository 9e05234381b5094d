import { stageNames } from '../stage-names.ts';

/** By the order of the stream, and otherwise as they were; at the end what stages did that this process does not have. */
export function inStreamOrder<Work extends Readonly<{ stage: string }>>(
  works: readonly Work[],
): readonly Work[] {
  const names: readonly string[] = stageNames();
  const placeOf = ({ stage }: Work) => (names.includes(stage) ? names.indexOf(stage) : names.length);
  return works.toSorted((one, other) => placeOf(one) - placeOf(other));
}
