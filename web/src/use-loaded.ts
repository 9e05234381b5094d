import { useEffect, useState } from 'preact/hooks';
import { get } from './api.ts';
import { asError } from './as-error.ts';

/** What came, if it has come, and why nothing came. */
export type Loaded<T> = Readonly<{ value: T | undefined; problem: Error | undefined }>;

/** What the path brings; asked again when the path or `version` changes. The old value stays until the new one is there. */
export function useLoaded<T>(path: string, version = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: undefined, problem: undefined });
  useEffect(() => {
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => setLoaded({ value, problem: undefined }),
      (error: unknown) => {
        if (!stop.signal.aborted) setLoaded({ value: undefined, problem: asError(error) });
      },
    );
    return () => stop.abort();
  }, [path, version]);
  return loaded;
}
