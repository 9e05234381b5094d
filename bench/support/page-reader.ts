import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 100;
const CHARTS_EVERY_MS = 5_000;

/** Asks what an open page asks, in its order, and draws nothing: what is left is what a page costs those who serve it. */
export function readPage(address: string): Readonly<{ close(): Promise<void> }> {
  const stop = new AbortController();
  const get = (path: string) => fetch(`${address}${path}`, { signal: stop.signal });
  const reading = (async () => {
    const html = await firstOf(get, stop.signal);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) await (await get(`${path}`)).text();
    await Promise.all([follow(await get('/v1/events')), charts(get, stop.signal)]);
  })();
  reading.catch(() => undefined);
  return {
    close: async () => {
      stop.abort();
      await reading.catch(() => undefined);
    },
  };
}

async function firstOf(get: (path: string) => Promise<Response>, stop: AbortSignal): Promise<string> {
  while (!stop.aborted) {
    const reply = await get('/').catch(() => undefined);
    if (reply?.ok === true) return reply.text();
    await sleep(LOOK_MS);
  }
  return '';
}

async function charts(get: (path: string) => Promise<Response>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await (await get('/v1/flow/history?minutes=60')).text();
    await sleep(CHARTS_EVERY_MS, undefined, { signal: stop });
  }
}

async function follow({ body }: Response): Promise<void> {
  if (body !== null) for await (const _ of body);
}
