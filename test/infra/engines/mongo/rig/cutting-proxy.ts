import { MongoClient } from 'mongodb';
import { TcpProxy } from '../../../../support/fakes/tcp-proxy.ts';
import { commandBytes } from '../../../../support/mongo-command.ts';

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
  const [, port] = (await primaryOf(uri)).split(':');
  const proxy = await TcpProxy.openForTest(Number(port));
  return {
    uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true&retryWrites=false`,
    cutReplies: (command, times) => proxy.cutReplies(commandBytes(command), times),
    left: () => proxy.cutsLeft,
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
