import { defer, lastValueFrom, type ObservableInput, retry } from 'rxjs';

/**
 * What `act` resolves with, repeated for as long as `whenToRepeat` says: it gives back what emits when it is time, or errors with what the
 * whole rejects with. Nearly every act works at once: the operators are made for those that did not.
 */
export function retried<T>(
  act: () => Promise<T>,
  whenToRepeat: (error: unknown, tries: number) => ObservableInput<unknown>,
): Promise<T> {
  return begun(act).catch((error: unknown) => {
    let tries = 0;
    const next = () => {
      tries += 1;
      return tries === 1 ? Promise.reject(error) : act();
    };
    return lastValueFrom(defer(next).pipe(retry({ delay: whenToRepeat })));
  });
}

/** One that throws rejects. */
function begun<T>(act: () => Promise<T>): Promise<T> {
  try {
    return act();
  } catch (error) {
    return Promise.reject(error);
  }
}
