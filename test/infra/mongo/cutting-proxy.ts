import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';

/** A way to MongoDB on which replies get lost. */
export type CuttingProxy = Readonly<{
  /** One server, and a driver that repeats no write by itself. */
  uri: string;
  /** The next `times` commands of that name are done, and their connection is cut instead of the reply. */
  cutReplies(command: string, times: number): void;
  /** How many more are to be cut. */
  left(): number;
}>;

/** In front of the primary of that MongoDB; ends with the test. */
export async function cuttingProxy(uri: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = (await primaryOf(uri)).split(':');
  const plan = { command: Buffer.alloc(0), left: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    let doomed = false;
    client.on('data', (data) => {
      if (plan.left > 0 && data.includes(plan.command)) {
        plan.left -= 1;
        doomed = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => (doomed ? client.destroy() : client.write(data)));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const proxyPort = typeof address === 'object' ? address?.port : undefined;
  return {
    uri: `mongodb://127.0.0.1:${proxyPort}/?directConnection=true&retryWrites=false`,
    cutReplies: (command, times) => {
      // How a command begins in BSON: a string by its name.
      Object.assign(plan, { command: Buffer.from(`\u0002${command}\0`, 'latin1'), left: times });
    },
    left: () => plan.left,
  };
}

async function primaryOf(uri: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const { primary } = await client.db('admin').command({ hello: 1 });
    return String(primary);
  } finally {
    await client.close();
  }
}
