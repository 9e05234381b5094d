import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections on which no answer is waited for, of which Node's own `close` knows only those that are idle when it is called:
 * not those on which nothing was asked yet (browsers open some ahead of need), and not those that are idle later.
 */
export class QuietConnections {
  readonly #unused = new Set<Socket>();
  #closing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#unused.add(socket);
      socket.once('close', () => this.#unused.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#unused.delete(socket);
      response.once('close', () => {
        if (this.#closing) socket.end();
      });
    });
  }

  /** Ends them, and each that is at work as soon as it has its answer. */
  close(): void {
    this.#closing = true;
    for (const socket of this.#unused) socket.destroy();
  }
}
