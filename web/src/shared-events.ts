import { ApiError } from './api.ts';
import { follow, type ServerEvent } from './events.ts';

type OnEvent = (event: ServerEvent) => void;
type OnState = (state: Error | 'connected') => void;
/** What the tab that follows tells the others. */
type Told =
  | Readonly<{ kind: 'event'; event: ServerEvent }>
  | Readonly<{ kind: 'connected' }>
  | Readonly<{ kind: 'away'; message: string }>;
type Message = Told | Readonly<{ kind: 'joined' }>;

/**
 * Server-sent events that all tabs of a browser follow by one connection, since it has six of them for a server. The tab that
 * holds the lock follows; the others hear from it, and one of them takes its place when it is closed. Without locks, as
 * browsers have it off loopback without TLS, each tab follows by itself while it is looked at.
 */
export async function followTogether(
  path: string,
  signal: AbortSignal,
  onEvent: OnEvent,
  onState: OnState,
): Promise<void> {
  if (!('locks' in navigator)) return followWhileSeen(path, signal, onEvent, onState);
  const channel = new BroadcastChannel(`millrace ${path}`);
  let latest: Told | undefined;
  let leads = false;
  const hear = (told: Told) => {
    if (told.kind === 'event') onEvent(told.event);
    else onState(told.kind === 'connected' ? 'connected' : new Error(told.message));
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'joined') hear(data);
    else if (leads && latest !== undefined) channel.postMessage(latest);
  };
  signal.addEventListener('abort', () => channel.close(), { once: true });
  const tell = (told: Told) => {
    if (signal.aborted) return;
    if (told.kind === 'event') latest = told;
    hear(told);
    channel.postMessage(told);
  };
  channel.postMessage({ kind: 'joined' });
  const lead = async () => {
    leads = true;
    await followUntilRefused(path, signal, tell, onState);
    leads = false;
  };
  await navigator.locks.request(`millrace ${path}`, { signal }, lead).catch(() => undefined);
  channel.close();
}

/** A tab that the server refuses is no reason for the others to hear nothing: it gives the lock back. */
async function followUntilRefused(
  path: string,
  signal: AbortSignal,
  tell: (told: Told) => void,
  onRefused: OnState,
): Promise<void> {
  const refused = new AbortController();
  await follow(
    path,
    AbortSignal.any([signal, refused.signal]),
    (event) => tell({ kind: 'event', event }),
    (state) => {
      if (state === 'connected') return tell({ kind: 'connected' });
      if (!(state instanceof ApiError && state.status === 401))
        return tell({ kind: 'away', message: state.message });
      refused.abort();
      onRefused(state);
    },
  );
}

async function followWhileSeen(
  path: string,
  signal: AbortSignal,
  onEvent: OnEvent,
  onState: OnState,
): Promise<void> {
  while (!signal.aborted) {
    await untilSeen(true, signal);
    const hidden = new AbortController();
    void untilSeen(false, signal).then(() => hidden.abort());
    await follow(path, AbortSignal.any([signal, hidden.signal]), onEvent, onState);
  }
}

/** Resolves as soon as the tab is looked at, or is not, and at the end. */
function untilSeen(seen: boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden === seen && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}
