import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a way to a server does with what is sent: `black-hole` takes it and passes nothing on, `refused` has no listener. */
export type LinkState = 'open' | 'black-hole' | 'refused';

/** A way to a server that can be made bad. */
export class TcpProxy {
  readonly port: number;
  /** Where it leads. */
  upstream: number;
  state: LinkState = 'open';
  /** Added to each piece on its way, in both directions. */
  latencyMs = 0;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #doomed: { readonly request: Buffer; left: number } = { request: Buffer.alloc(0), left: 0 };

  private constructor(server: Server, port: number, upstream: number) {
    this.#server = server;
    this.port = port;
    this.upstream = upstream;
    server.on('connection', (client: Socket) => this.#connect(client));
  }

  /** Ends with the test or the suite that calls `close`. */
  static async open(upstream = 0): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return new TcpProxy(server, typeof address === 'object' && address !== null ? address.port : 0, upstream);
  }

  static async openForTest(upstream: number): Promise<TcpProxy> {
    const proxy = await TcpProxy.open(upstream);
    onTestFinished(() => proxy.close());
    return proxy;
  }

  /** Breaks every connection with a reset. */
  reset(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** Breaks what there is, and takes nothing more until the state is `open` again. */
  refuse(): void {
    this.state = 'refused';
    this.reset();
  }

  /** The next `times` requests that hold these bytes are passed on, and their connection is cut instead of the reply. */
  cutReplies(request: Buffer, times: number): void {
    this.#doomed = { request, left: times };
  }

  /** How many replies are still to be cut. */
  get cutsLeft(): number {
    return this.#doomed.left;
  }

  close(): void {
    this.#server.close();
    this.reset();
  }

  #connect(client: Socket): void {
    if (this.state === 'refused') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.upstream, '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    let cut = false;
    client.on('data', (data) => {
      if (this.#doomed.left > 0 && data.includes(this.#doomed.request)) {
        this.#doomed.left -= 1;
        cut = true;
      }
      this.#pass(server, data);
    });
    server.on('data', (data) => (cut ? client.resetAndDestroy() : this.#pass(client, data)));
    for (const [socket, other] of [pair, [server, client] as const])
      socket
        .on('error', () => undefined)
        .on('close', () => {
          this.#pairs.delete(pair);
          other.destroy();
        });
  }

  #pass(to: Socket, data: Buffer): void {
    if (this.state === 'black-hole' || to.destroyed) return;
    if (this.latencyMs === 0) to.write(data);
    else setTimeout(() => to.destroyed || to.write(data), this.latencyMs);
  }
}
