import { asFailure, type Failure } from '../failure.ts';

/**
 * A look that a server could not answer tells nothing, and the next one may: an outage brings `instead`.
 * @param shown hears of each outage, and `undefined` where there was none.
 */
export async function unlessOutage<T>(
  look: Promise<T>,
  instead: T,
  shown: (failure: Failure | undefined) => void = () => undefined,
): Promise<T> {
  try {
    const found = await look;
    shown(undefined);
    return found;
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'outage') throw failure;
    shown(failure);
    return instead;
  }
}
