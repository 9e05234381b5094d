import { Failure } from '../../streams/failure.ts';

/** A server that is well has answered by then. */
const PATIENCE_MS = 1_000;

/**
 * The outcome of a first connection, unless `look` finds that settings were mixed up: then that Failure, as soon as it is known. Looks
 * once a while has passed without an answer, or the connection failed as if the server were away.
 */
export async function unlessMixedUp<T>(
  connecting: Promise<T>,
  look: () => Promise<Failure | undefined>,
): Promise<T> {
  const found = Promise.withResolvers<never>();
  let looking: Promise<Failure | undefined> | undefined;
  const lookOnce = () => {
    looking ??= look();
    return looking;
  };
  const timer = setTimeout(() => {
    void lookOnce().then((failure) => {
      if (failure !== undefined) found.reject(failure);
    });
  }, PATIENCE_MS);
  try {
    return await Promise.race([connecting, found.promise]);
  } catch (error) {
    const isPlain = error instanceof Failure && error.kind === 'fatal';
    throw (isPlain ? undefined : await lookOnce()) ?? error;
  } finally {
    clearTimeout(timer);
  }
}
