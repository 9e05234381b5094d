import { connect } from 'node:net';

export type Address = Readonly<{ host: string; port: number }>;

/** What a server speaks, and of a MongoDB the name of its replica set. */
export type Answerer =
  | Readonly<{ speaks: 'Kafka' | 'HTTP' }>
  | Readonly<{ speaks: 'MongoDB'; setName: string | undefined }>;

const TIMEOUT_MS = 1_500;
const MOST_BYTES = 64 * 1_024;
const ID = 0x4d696c6c;
const OP_MSG = 2_013;

type Greeting = Readonly<{ bytes: Buffer; read(answer: Buffer): Answerer | undefined }>;

/** The first that fits counts: MongoDB has a word for browsers too. */
const GREETINGS: readonly Greeting[] = [
  { bytes: mongoHello(), read: readMongo },
  { bytes: kafkaApiVersions(), read: readKafka },
  {
    bytes: Buffer.from('GET / HTTP/1.0\r\n\r\n'),
    read: (answer) => (answer.subarray(0, 5).toString('latin1') === 'HTTP/' ? { speaks: 'HTTP' } : undefined),
  },
];

/**
 * Which protocol the server at an address speaks, without TLS; `undefined` where it is none of these or nobody answers. For telling
 * a person what was mixed up, once something did not work. Takes 1.5 s at most and never rejects.
 */
export async function whoAnswers(address: Address): Promise<Answerer | undefined> {
  const answers = await Promise.all(
    GREETINGS.map(async ({ bytes, read }) => read(await answerTo(bytes, address))),
  );
  return answers.find((answer) => answer !== undefined);
}

function answerTo(bytes: Buffer, { host, port }: Address): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host, port });
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    const timer = setTimeout(end, TIMEOUT_MS);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks))) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

/** HTTP says at once what it is; the others begin with their length, each in its own order of bytes. */
function isWhole(answer: Buffer): boolean {
  if (answer.length < 16) return false;
  const lengths = [answer.readInt32BE(0) + 4, answer.readInt32LE(0)];
  return (
    lengths.includes(answer.length) ||
    answer.length > MOST_BYTES ||
    answer.toString('latin1', 0, 5) === 'HTTP/'
  );
}

/** https://kafka.apache.org/protocol#The_Messages_ApiVersions, version 0, which every broker answers. */
function kafkaApiVersions(): Buffer {
  const request = Buffer.alloc(14);
  request.writeInt32BE(10, 0);
  request.writeInt16BE(18, 4);
  request.writeInt32BE(ID, 8);
  request.writeInt16BE(-1, 12);
  return request;
}

function readKafka(answer: Buffer): Answerer | undefined {
  return answer.length >= 10 && answer.readInt32BE(4) === ID ? { speaks: 'Kafka' } : undefined;
}

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg: `{hello: 1, $db: "admin"}`. */
function mongoHello(): Buffer {
  const body = Buffer.concat([
    Buffer.from('\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0', 'latin1'),
    Buffer.from([0]),
  ]);
  const head = Buffer.alloc(25);
  head.writeInt32LE(25 + body.length, 0);
  head.writeInt32LE(ID, 4);
  head.writeInt32LE(OP_MSG, 12);
  head.writeInt32LE(4 + body.length, 21);
  return Buffer.concat([head, body]);
}

function readMongo(answer: Buffer): Answerer | undefined {
  if (answer.length < 16 || answer.readInt32LE(8) !== ID || answer.readInt32LE(12) !== OP_MSG)
    return undefined;
  const name = answer.indexOf('\x02setName\0', 0, 'latin1');
  const start = name + 13;
  const setName = name < 0 ? undefined : answer.toString('utf8', start, answer.indexOf(0, start));
  return { speaks: 'MongoDB', setName };
}
