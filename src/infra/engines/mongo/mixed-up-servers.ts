import { Failure } from '../../../streams/failure.ts';
import { type Address, whoAnswers } from '../who-answers.ts';

export type AskedServer = Readonly<{ hosts: readonly Address[]; replicaSet: string | undefined }>;

/** What is to be changed where something else than the MongoDB of the URI answers; `undefined` where nothing like it is seen. */
export async function mixedUpMongo({ hosts, replicaSet }: AskedServer): Promise<Failure | undefined> {
  const answers = await Promise.all(
    hosts.map(async (address) => ({
      at: `${address.host}:${address.port}`,
      answer: await whoAnswers(address),
    })),
  );
  for (const { at, answer } of answers) {
    if (answer === undefined) continue;
    const text =
      answer.speaks === 'MongoDB' ? setText(at, replicaSet, answer.setName) : OTHER[answer.speaks](at);
    if (text !== undefined) return new Failure('fatal', 'other_server', text);
  }
  return undefined;
}

function setText(at: string, wanted: string | undefined, found: string | undefined): string | undefined {
  if (wanted === undefined || wanted === found) return undefined;
  if (found === undefined)
    return `The MongoDB at ${at} is in no replica set, and the URI wants the set ${wanted}: take replicaSet out of the URI, or start mongod with --replSet ${wanted} and initiate it.`;
  return `The replica set of ${at} is named ${found}, and the URI wants ${wanted}: give replicaSet=${found} in the URI (--mongo or MILLRACE_MONGO).`;
}

const OTHER = {
  Kafka: (at: string) =>
    `${at} is given as a MongoDB, and speaks Kafka. Were --kafka (MILLRACE_KAFKA) and --mongo (MILLRACE_MONGO) exchanged?`,
  HTTP: (at: string) =>
    `${at} is given as a MongoDB, and speaks HTTP. Give --mongo (MILLRACE_MONGO) the port at which mongod speaks its own protocol, such as mongodb://localhost:27017.`,
} as const;
