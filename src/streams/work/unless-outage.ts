import { asFailure, type Failure } from '../failure.ts';
import type { Patience } from './persist.ts';

/**
 * A look that a server could not answer tells nothing, and the next one may: an outage brings `instead`.
 * @param patience of all looks of the wait: an outage that lasts longer than it may rejects as fatal.
 * @param shown hears of each outage, and `undefined` where there was none.
 */
export async function unlessOutage<T>(
  look: Promise<T>,
  instead: T,
  patience: Patience,
  shown: (failure: Failure | undefined) => void = () => undefined,
): Promise<T> {
  try {
    const found = await look;
    patience.worked();
    shown(undefined);
    return found;
  } catch (error) {
    const failure = patience.told(asFailure(error));
    if (failure.kind !== 'outage') throw failure;
    shown(failure);
    return instead;
  }
}
