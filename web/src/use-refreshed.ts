import { useRef } from 'preact/hooks';
import { useLoaded } from './use-loaded.ts';

export type Refreshed<T> = Readonly<{ value: T | undefined; problem: Error | undefined }>;

/** What a path that stays the same brings with every `version`. What was there stays while the server does not answer. */
export function useRefreshed<T>(path: string, version: number): Refreshed<T> {
  const loaded = useLoaded<T>(path, version);
  const last = useRef<T>(undefined);
  if (loaded.kind === 'loaded') last.current = loaded.value;
  return { value: last.current, problem: loaded.kind === 'failed' ? loaded.error : undefined };
}
