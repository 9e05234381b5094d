import type { Admin } from 'kafkajs';
import { within } from './deadline.ts';
import { classifyKafka } from './kafka-failure.ts';

const TIMEOUT_MS = 20_000;
const DISCONNECT_TIMEOUT_MS = 10_000;

type Connectable = Pick<Admin, 'connect' | 'disconnect'>;

/** kafkajs's admin, connected when it is first asked something, and anew after anything that failed. */
export class AdminConnection<A extends Connectable = Admin> {
  readonly #admin: A;
  #connected: Promise<void> | undefined;
  #used = false;

  constructor(admin: A) {
    this.#admin = admin;
  }

  /** Rejects with a Failure only, and after 20 s at the latest. */
  async ask<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    try {
      this.#used = true;
      this.#connected ??= this.#admin.connect();
      await within(TIMEOUT_MS, doing, this.#connected);
      return await within(TIMEOUT_MS, doing, ask(this.#admin));
    } catch (error) {
      this.#connected = undefined;
      throw classifyKafka(error, doing);
    }
  }

  /** Also after a failure: sockets that stay open would keep the process alive. Takes 10 s at most. */
  async close(): Promise<void> {
    if (!this.#used) return;
    await within(DISCONNECT_TIMEOUT_MS, 'disconnecting', this.#admin.disconnect()).catch(() => undefined);
  }
}
