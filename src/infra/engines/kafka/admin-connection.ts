import type { Admin } from 'kafkajs';
import { Failure } from '../../../streams/failure.ts';
import { unlessMixedUp } from '../unless-mixed-up.ts';
import { within } from './deadline.ts';
import { classifyKafka } from './failure.ts';

const TIMEOUT_MS = 20_000;
const DISCONNECT_TIMEOUT_MS = 10_000;

/** What of the settings was mixed up, if anything: see `mixedUpBrokers`. */
export type MixedUp = () => Promise<Failure | undefined>;

type Connectable = Pick<Admin, 'connect' | 'disconnect'>;

/** kafkajs's admin, connected when it is first asked something, and anew after anything that failed. */
export class AdminConnection<A extends Connectable = Admin> {
  readonly #admin: A;
  #connected: Promise<void> | undefined;
  readonly #mixedUp: MixedUp;
  #used = false;
  #closed = false;

  /** @param mixedUp looks, where no broker answers as one, whether something else does. */
  constructor(admin: A, mixedUp: MixedUp = async () => undefined) {
    this.#admin = admin;
    this.#mixedUp = mixedUp;
  }

  /** Rejects with a Failure only, and after 20 s at the latest. */
  async ask<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Failure('fatal', 'closed', `Kafka: ${doing} on a log that was closed.`);
    try {
      this.#used = true;
      this.#connected ??= unlessMixedUp(this.#admin.connect(), this.#mixedUp);
      await within(TIMEOUT_MS, doing, this.#connected);
      return await within(TIMEOUT_MS, doing, ask(this.#admin));
    } catch (error) {
      this.#connected = undefined;
      throw classifyKafka(error, doing);
    }
  }

  /** Also after a failure: sockets that stay open would keep the process alive. Takes 10 s at most. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#used) return;
    await within(DISCONNECT_TIMEOUT_MS, 'disconnecting', this.#admin.disconnect()).catch(() => undefined);
  }
}
