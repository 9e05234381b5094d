import { open } from './api.ts';
import { asError } from './as-error.ts';

const RETRY_MS = 2_000;

export type ServerEvent = Readonly<{ id: string; event: string; data: string }>;

/**
 * Server-sent events over fetch, since EventSource sends no token. Connects again by itself, from the last id on. The
 * format: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function follow(
  path: string,
  signal: AbortSignal,
  onEvent: (event: ServerEvent) => void,
  onState: (state: Error | 'connected') => void,
): Promise<void> {
  let lastId = '';
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      const response = await open(path, { headers, signal });
      onState('connected');
      for await (const event of eventsOf(response)) {
        lastId = event.id;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      onState(asError(error));
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function* eventsOf({ body }: Response): AsyncGenerator<ServerEvent> {
  if (body === null) return;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = `${rest}${text}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event.data !== '') yield event;
    }
  }
}

/** One block of lines; comments and unknown fields are left out. */
function parseEvent(block: string): ServerEvent {
  const event = { id: '', event: 'message', data: [] as string[] };
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'data') event.data.push(value);
    else if (field === 'id') event.id = value;
    else if (field === 'event') event.event = value;
  }
  return { ...event, data: event.data.join('\n') };
}
