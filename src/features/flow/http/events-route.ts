import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Route } from '../../../infra/http/route.ts';
import type { FlowSource } from '../watch-flow.ts';
import type { Flow } from './schemas.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that falls behind gets the newest snapshot and none of those between. */
const MAX_BEHIND_BYTES = 256 * 1024;

const EVENTS = {
  description: 'Events `flow`; each holds what /v1/flow returns.',
  mediaType: 'text/event-stream',
};

/**
 * GET /v1/events: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). An event `flow`
 * holds a whole snapshot, so a reader that comes back misses nothing: what `Last-Event-ID` names is not sent again.
 */
export function eventsRoute(source: FlowSource): Route {
  const feed = new Feed(source);
  return {
    method: 'GET',
    path: '/v1/events',
    summary:
      'Snapshots of the stream as server-sent events, at most one a second and only when something changed.',
    replies: { 200: EVENTS },
    answer: (request, reply) => {
      reply.type('text/event-stream').header('x-accel-buffering', 'no');
      return feed.open(request);
    },
  };
}

/** One text per snapshot for all readers, however many they are. */
class Feed {
  readonly #boot = randomUUID().slice(0, 8);
  readonly #readers = new Set<PassThrough>();
  readonly #source: FlowSource;
  #number = 0;
  #latest: Readonly<{ id: string; text: string }> | undefined;
  #subscription: { unsubscribe(): void } | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(source: FlowSource) {
    this.#source = source;
  }

  open(request: FastifyRequest): PassThrough {
    const reader = new PassThrough({ highWaterMark: MAX_BEHIND_BYTES });
    this.#readers.add(reader);
    reader.once('close', () => this.#leave(reader));
    request.raw.socket.once('close', () => reader.destroy());
    reader.write('retry: 2000\n\n');
    const latest = this.#latest;
    if (latest !== undefined && request.headers['last-event-id'] !== latest.id) reader.write(latest.text);
    this.#subscription ??= this.#source.changes.subscribe({
      next: (flow) => this.#send(flow),
      complete: () => this.#end(),
    });
    this.#heartbeat ??= setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS).unref();
    return reader;
  }

  #send(flow: Flow): void {
    this.#number += 1;
    const id = `${this.#boot}.${this.#number}`;
    const text = `id: ${id}\nevent: flow\ndata: ${JSON.stringify(flow)}\n\n`;
    this.#latest = { id, text };
    this.#write(text);
  }

  #write(text: string): void {
    for (const reader of this.#readers) if (!reader.writableNeedDrain) reader.write(text);
  }

  #leave(reader: PassThrough): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#latest = undefined;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  #end(): void {
    for (const reader of this.#readers) reader.end();
  }
}
