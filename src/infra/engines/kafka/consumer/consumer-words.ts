import { Failure } from '../../../../streams/failure.ts';
import type { Offset, Subscription } from '../../../../streams/log/log.ts';
import { HUNG_UP } from '../failure.ts';
import { MOST_REJOINS } from './rejoins.ts';
import type { Stall } from './stall-watch.ts';

type Place = Pick<Subscription, 'topic' | 'group'>;

/** What a person is told about a consumer of Kafka: what was seen, what happens now, what to do. */
export function lost({ topic }: Place, { message }: Failure): string {
  return (
    `${message}. ${topic} is read again once that works; nothing is lost meanwhile. ` +
    `If it lasts: do all brokers run, and does __consumer_offsets have leaders?`
  );
}

/** What is said once while a start waits for brokers. */
export function awaited(failure: Failure, withinMs: number): string {
  return `${failure.message}. Waiting for the brokers, up to ${withinMs / 1_000} s.${securityDoubt(failure)}`;
}

export function unreachable(error: unknown, waitedMs: number): unknown {
  if (!(error instanceof Failure) || error.kind !== 'outage') return error;
  const text =
    `${error.message}. No broker served for ${waitedMs / 1_000} s. Does Kafka run, and is its address right ` +
    `(--kafka or MILLRACE_KAFKA)?${securityDoubt(error)} Then start this again.`;
  return new Failure('outage', error.code, text, { cause: error });
}

export function notJoined({ group }: Place, failure: Failure): Failure {
  if (failure.kind !== 'outage') return failure;
  const text =
    `${failure.message}. The group ${group} could not be joined. Do the brokers run, is their address right (--kafka), ` +
    `and does __consumer_offsets have leaders? Then start this again: nothing is lost.`;
  return new Failure('outage', failure.code, text, { cause: failure });
}

export function crashed(failure: Failure): Failure {
  const text = `${failure.message}. The consumer cannot go on by itself.`;
  return new Failure('fatal', 'consumer_crashed', text, { cause: failure });
}

export function stalled({ topic, group }: Place, stall: Stall): string {
  return (
    `The consumer of ${topic} ${whatOf(stall)}, though the brokers answer. It leaves the group ${group} and joins it anew. ` +
    `If this comes often: look at the brokers' logs for the group's coordinator.`
  );
}

export function hopeless({ topic, group }: Place, stall: Stall): Failure {
  const text =
    `The consumer of ${topic} ${whatOf(stall)}, though the brokers answer, and joining ${group} anew ` +
    `${MOST_REJOINS} times did not help. Start this process again; nothing is lost.`;
  return new Failure('fatal', 'consumer_stalled', text);
}

export function noPartition({ topic, group }: Place, members?: number, partitions?: number): string {
  const counts =
    members === undefined || partitions === undefined
      ? 'the group has more members than the topic has partitions'
      : `members of the group ${members}, partitions of the topic ${partitions}`;
  return (
    `No partition of ${topic} is left for this worker: ${counts}. It stands by until another member of ${group} leaves. ` +
    `Start no more workers than there are partitions, or add partitions.`
  );
}

export function jumped({ topic, group }: Place, partition: number, committed: Offset, first: Offset): string {
  return (
    `Group ${group} stood at offset ${committed} of ${topic}/${partition}, and its reading starts at ${first}: ` +
    `what lay between was deleted, or the topic was made again.`
  );
}

/** Brokers hang up on who does not speak TLS, or does not log in, where that is expected, and say no word. */
function securityDoubt({ code }: Failure): string {
  if (code !== HUNG_UP) return '';
  return ' The connection was closed: does it need TLS (kafkaSsl) or a login (kafkaSasl, kafkaToken), or no TLS?';
}

function whatOf(stall: Stall): string {
  if (stall.kind === 'silent') return 'has stopped fetching';
  return `reads nothing of ${stall.lag} records in the partitions ${stall.partitions.join(', ')}`;
}
