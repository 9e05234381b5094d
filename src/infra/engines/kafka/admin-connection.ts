import type { Admin, Kafka } from 'kafkajs';
import { Failure } from '../../../streams/failure.ts';
import { causesOf, textFieldOf } from '../../network-trouble.ts';
import { unlessMixedUp } from '../unless-mixed-up.ts';
import { disconnected, withinDeadline } from './deadline.ts';
import { classifyKafka } from './failure.ts';
import { waitForBrokers } from './wait-for-brokers.ts';

const TIMEOUT_MS = 20_000;
/** The coordinator of a group is being found, or reads what it knows: kafkajs's admin asks once and gives up. */
const SOON_OVER: ReadonlySet<string> = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** What of the settings was mixed up, if anything: see `mixedUpBrokers`. */
export type MixedUp = () => Promise<Failure | undefined>;

type Connectable = Pick<Admin, 'connect' | 'disconnect'>;

/** kafkajs's admin, connected when it is first asked something, and reconnected after any failure. */
export class AdminConnection<A extends Connectable = Admin> {
  readonly #admin: A;
  #connected: Promise<void> | undefined;
  readonly #mixedUp: MixedUp;
  #used = false;
  #answered = false;
  #closed = false;

  /** @param mixedUp looks, where no broker answers as one, whether something else does. */
  constructor(admin: A, mixedUp: MixedUp = async () => undefined) {
    this.#admin = admin;
    this.#mixedUp = mixedUp;
  }

  /**
   * Rejects with a Failure only. Asks again for up to 20 s while the coordinator of a group is not ready, so `ask` must be safe to
   * repeat; each time takes 20 s at most.
   */
  ask<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    const patience = { withinMs: TIMEOUT_MS, passes: isSoonOver };
    return waitForBrokers(() => this.#askOnce(doing, ask), patience);
  }

  async #askOnce<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Failure('fatal', 'closed', `Kafka: ${doing} on a log that was closed.`);
    try {
      this.#used = true;
      this.#connected ??= unlessMixedUp(this.#admin.connect(), this.#mixedUp);
      await withinDeadline(TIMEOUT_MS, doing, this.#connected);
      const answer = await withinDeadline(TIMEOUT_MS, doing, ask(this.#admin));
      this.#answered = true;
      return answer;
    } catch (error) {
      this.#connected = undefined;
      throw classifyKafka(error, doing, this.#answered ? 'work' : 'start');
    }
  }

  /** Also after a failure: sockets that stay open would keep the process alive. Takes 8 s at most. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#used) await disconnected(this.#admin);
  }
}

export function adminOf(kafka: Kafka, mixedUp?: MixedUp): AdminConnection {
  return new AdminConnection(kafka.admin({ retry: { retries: 3, maxRetryTime: 2_000 } }), mixedUp);
}

function isSoonOver(error: unknown): boolean {
  return causesOf(error).some((cause) => SOON_OVER.has(textFieldOf(cause, 'type') ?? ''));
}
