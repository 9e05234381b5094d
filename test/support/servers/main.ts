import { parseArgs } from 'node:util';
import type { Cluster } from './cluster.ts';
import { localKafka, localMongo } from './local.ts';

const USAGE = 'usage: node test/support/servers/main.ts kafka|mongo [--brokers 3 | --members 3]';

async function start(): Promise<Cluster> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { brokers: { type: 'string', default: '1' }, members: { type: 'string', default: '1' } },
  });
  if (positionals[0] === 'kafka') return localKafka(Number(values.brokers));
  if (positionals[0] === 'mongo') return localMongo(Number(values.members));
  throw new Error(USAGE);
}

const cluster = await start();
console.log(cluster.address);
console.error('Ctrl-C ends it and deletes its data.');
// Its processes keep nothing alive, and a signal handler does neither.
const alive = setInterval(() => undefined, 2 ** 30);
const stop = () => {
  clearInterval(alive);
  void cluster.stop();
};
process.once('SIGINT', stop).once('SIGTERM', stop);
