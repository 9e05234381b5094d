import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import { freePorts } from '../../../../support/servers/free-ports.ts';
import { GuardedProcess } from '../../../../support/servers/guarded-process.ts';
import { mongoBinary } from '../../../../support/servers/mongo-binary.ts';
import { tempDir } from '../../../../support/temp-dir.ts';

/** The URI of a mongod that is no replica set, and ends with the test. */
export async function standaloneMongo(...options: readonly string[]): Promise<string> {
  const directory = await tempDir();
  const [port = 0] = await freePorts(1);
  const server = await GuardedProcess.start({
    command: await mongoBinary(),
    args: [
      ...['--dbpath', directory, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
      ...options,
    ],
    directory,
    logFile: join(directory, 'log'),
  });
  onTestFinished(() => server.end('SIGKILL'));
  const uri = `mongodb://127.0.0.1:${port}/`;
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 20_000 });
  await client.db('admin').command({ ping: 1 });
  await client.close();
  return uri;
}
