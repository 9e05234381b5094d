import { type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { errorText, Failure } from '../../../streams/failure.ts';
import { tellOfClock } from '../clock-skew.ts';
import { unlessMixedUp } from '../unless-mixed-up.ts';
import { classifyMongo, withoutCredentials } from './failure.ts';
import { patchLostWrites } from './lost-writes-patch.ts';
import { mixedUpMongo } from './mixed-up-servers.ts';

/** How long each wait may last, in milliseconds. The driver's own defaults wait for ever on a server that is stopped. */
type MongoTimeouts = Readonly<{
  /** For a connection, and for a sign of life from a server. */
  connectMs: number;
  /** For a server that takes writes, an election included. */
  selectionMs: number;
  /** For an answer. */
  socketMs: number;
  /** For a majority of the replica set to have a write. */
  majorityMs: number;
}>;

/** With these, which are used where nothing else is said, an operation on a server that is stopped ends within 13 s: a sign of life is missed after 7, a new server sought for 5. */
const TIMEOUTS: MongoTimeouts = {
  connectMs: 5_000,
  selectionMs: 5_000,
  socketMs: 15_000,
  majorityMs: 10_000,
};

const HEARTBEAT_MS = 2_000;
const CONNECTIONS = 20;
/** MongoDB 6.0: https://www.mongodb.com/docs/manual/reference/command/hello/ (`maxWireVersion`). */
const OLDEST_WIRE_VERSION = 17;

const STANDALONE =
  'This MongoDB is a single server and no replica set. Lost with it: fail-over, the repetition of a write by the driver, and every write that its one disk loses. Give mongod --replSet and initiate it, even alone.';
const TOO_OLD = 'This MongoDB is older than 6.0, with which nothing was tested.';

export type ConnectOptions = Readonly<{
  timeouts?: Partial<MongoTimeouts> | undefined;
  /** Whether work is done and paid for: not by a clock that is an hour off. Default: no. */
  works?: boolean | undefined;
  /** Hears what is lost with the server at hand. */
  onNotice?: ((notice: string) => void) | undefined;
}>;

/** Connects. Rejects with a Failure that holds no password. */
export async function connect(
  uri: string,
  { timeouts, works = false, onNotice = () => undefined }: ConnectOptions = {},
): Promise<MongoClient> {
  patchLostWrites();
  const client = clientFor(uri, { ...TIMEOUTS, ...timeouts });
  try {
    const connecting = client.connect().catch((error: unknown) => {
      throw classifyMongo(error, 'connecting', 'start');
    });
    await unlessMixedUp(connecting, () => mixedUpMongo(namedServers(client)));
    const hello = await client.db('admin').command({ hello: 1 });
    const skewMs = hello['localTime'] instanceof Date ? hello['localTime'].getTime() - Date.now() : 0;
    for (const notice of noticesOf(hello)) onNotice(notice);
    tellOfClock({ server: 'MongoDB', skewMs, works }, onNotice);
    return client;
  } catch (error) {
    await client.close();
    throw classifyMongo(error, 'connecting', 'start');
  }
}

function namedServers({ options: { hosts, replicaSet, tls } }: MongoClient) {
  const named = hosts.flatMap(({ host, port }) =>
    host === undefined || port === undefined ? [] : [{ host, port }],
  );
  // Through TLS nothing of what is asked there would be understood.
  return { hosts: tls === true ? [] : named, replicaSet };
}

function clientFor(uri: string, timeouts: MongoTimeouts): MongoClient {
  try {
    return new MongoClient(uri, clientOptions(timeouts));
  } catch (error) {
    // Without the cause: it may hold a part of the URI, and that the password.
    const message = `The URI of MongoDB is of no use: ${withoutCredentials(errorText(error))}`;
    throw new Failure('fatal', 'mongo_settings', message);
  }
}

function clientOptions({ connectMs, selectionMs, socketMs, majorityMs }: MongoTimeouts): MongoClientOptions {
  return {
    appName: 'millrace',
    connectTimeoutMS: connectMs,
    serverSelectionTimeoutMS: selectionMs,
    socketTimeoutMS: socketMs,
    waitQueueTimeoutMS: selectionMs,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    maxPoolSize: CONNECTIONS,
    writeConcern: { w: 'majority', wtimeoutMS: majorityMs },
    readPreference: 'primary',
    readConcern: { level: 'majority' },
  };
}

function noticesOf({ setName, msg, maxWireVersion }: Document): readonly string[] {
  const standalone = setName === undefined && msg !== 'isdbgrid';
  return [...(standalone ? [STANDALONE] : []), ...(maxWireVersion < OLDEST_WIRE_VERSION ? [TOO_OLD] : [])];
}
