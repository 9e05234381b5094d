import type { HeaderReader } from '../transport/text-reply.ts';

/** A server answered with a status other than success. The body is read to its end, and never shown as it is. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  readonly headers: HeaderReader;
  readonly body: string;

  constructor(status: number, headers: HeaderReader, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}
