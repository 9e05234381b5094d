import { useEffect, useState } from 'preact/hooks';
import type { Flow } from '../../src/features/flow/http/schemas.ts';
import { followTogether } from './shared-events.ts';

export type LiveFlow = Readonly<{ flow: Flow | undefined; problem: Error | undefined }>;

/** The state of the stream, as it changes. The last one stays while the connection is away. */
export function useFlow(version: number): LiveFlow {
  const [live, setLive] = useState<LiveFlow>({ flow: undefined, problem: undefined });
  useEffect(() => {
    const stop = new AbortController();
    void followTogether(
      '/v1/events',
      stop.signal,
      ({ event, data }) => {
        if (event === 'flow') setLive({ flow: JSON.parse(data), problem: undefined });
      },
      (state) => setLive(({ flow }) => ({ flow, problem: state === 'connected' ? undefined : state })),
    );
    return () => stop.abort();
  }, [version]);
  return live;
}
