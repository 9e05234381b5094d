import { asFailure } from '../failure.ts';

/** A look that a server could not answer tells nothing, and the next one may: an outage brings `instead`. */
export async function unlessOutage<T>(look: Promise<T>, instead: T): Promise<T> {
  try {
    return await look;
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind === 'outage') return instead;
    throw failure;
  }
}
