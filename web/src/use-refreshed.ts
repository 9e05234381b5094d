import { useRef } from 'preact/hooks';
import { type Loaded, useLoaded } from './use-loaded.ts';

/** What a path that stays the same brings with every `version`. What was there stays while the server does not answer. */
export function useRefreshed<T>(path: string, version: number): Loaded<T> {
  const { value, problem } = useLoaded<T>(path, version);
  const last = useRef<T>(undefined);
  last.current = value ?? last.current;
  return { value: last.current, problem };
}
