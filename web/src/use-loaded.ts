import { useEffect, useState } from 'preact/hooks';
import { get } from './api.ts';

export type Loaded<T> =
  | Readonly<{ kind: 'loading' }>
  | Readonly<{ kind: 'loaded'; value: T }>
  | Readonly<{ kind: 'failed'; error: Error }>;

/** What the path brings; asked again when the path or `version` changes. The old value stays until the new one is there. */
export function useLoaded<T>(path: string, version = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => setLoaded({ kind: 'loaded', value }),
      (error: unknown) => {
        if (!stop.signal.aborted)
          setLoaded({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
    return () => stop.abort();
  }, [path, version]);
  return loaded;
}
