import { Failure } from '../../../streams/failure.ts';
import { type Answerer, whoAnswers } from '../who-answers.ts';

const DEFAULT_PORT = 9_092;

/** What is to be changed where something else than Kafka answers at one of the addresses; `undefined` where nothing like it is seen. */
export async function mixedUpBrokers(brokers: readonly string[]): Promise<Failure | undefined> {
  const answers = await Promise.all(
    brokers.map(async (broker) => ({ broker, answerer: await whoAnswers(addressOf(broker)) })),
  );
  const other = answers.find(({ answerer }) => answerer !== undefined && answerer.speaks !== 'Kafka');
  if (other?.answerer === undefined) return undefined;
  const text = `${other.broker} is given as a Kafka broker, and speaks ${other.answerer.speaks}. ${ADVICE[other.answerer.speaks]}`;
  return new Failure('fatal', 'other_server', text);
}

const ADVICE: Readonly<Record<Answerer['speaks'], string>> = {
  MongoDB: 'Were --kafka (MILLRACE_KAFKA) and --mongo (MILLRACE_MONGO) exchanged?',
  HTTP: 'Give --kafka (MILLRACE_KAFKA) the host and port at which a broker speaks Kafka’s own protocol, such as localhost:9092.',
  Kafka: '',
};

function addressOf(broker: string) {
  const [, host = broker, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(broker) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port ?? DEFAULT_PORT) };
}
