const TOKEN = 'millrace-token';
const CHANNEL = 'millrace-token';
const ANSWER_MS = 300;

type Message = Readonly<{ kind: 'who-has-it' }> | Readonly<{ kind: 'here'; token: string }>;

/** Kept for this tab only; another tab of this server is told on request. */
export const token = {
  get: (): string | null => sessionStorage.getItem(TOKEN),
  set: (value: string): void => sessionStorage.setItem(TOKEN, value),
};

/**
 * Keeps the token that the address brings, `#token=…`, and takes it out of the address bar and of the history. Whether there
 * was one.
 */
export function takeTokenFromAddress(): boolean {
  const given = /^#token=([\x21-\x7e]+)$/.exec(location.hash)?.[1];
  if (given === undefined) return false;
  token.set(given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return true;
}

/** Answers other tabs of this server, and nobody else: a channel is one origin's. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    const held = token.get();
    if (data.kind === 'who-has-it' && held !== null) channel.postMessage({ kind: 'here', token: held });
  };
}

/** The token of another tab of this server; `undefined` where none answers. */
export function tokenOfOtherTab(): Promise<string | undefined> {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise<string | undefined>((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<Message>) => data.kind === 'here' && resolve(data.token);
    channel.postMessage({ kind: 'who-has-it' });
    setTimeout(resolve, ANSWER_MS);
  }).finally(() => channel.close());
}
