import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { Failure } from '../../../streams/failure.ts';
import { causesOf, textFieldOf } from '../../network-trouble.ts';
import { unlessMixedUp } from '../unless-mixed-up.ts';
import { withinDeadline } from './deadline.ts';
import { classifyKafka } from './failure.ts';

const TIMEOUT_MS = 20_000;
const DISCONNECT_TIMEOUT_MS = 10_000;
const PAUSE_MS = 200;
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
  async ask<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    const endMs = performance.now() + TIMEOUT_MS;
    for (;;) {
      try {
        return await this.#askOnce(doing, ask);
      } catch (error) {
        if (!isSoonOver(error) || performance.now() > endMs) throw error;
        await pause(PAUSE_MS);
      }
    }
  }

  async #askOnce<T>(doing: string, ask: (admin: A) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Failure('fatal', 'closed', `Kafka: ${doing} on a log that was closed.`);
    try {
      this.#used = true;
      this.#connected ??= unlessMixedUp(this.#admin.connect(), this.#mixedUp);
      await withinDeadline(TIMEOUT_MS, doing, this.#connected);
      return await withinDeadline(TIMEOUT_MS, doing, ask(this.#admin));
    } catch (error) {
      this.#connected = undefined;
      throw classifyKafka(error, doing);
    }
  }

  /** Also after a failure: sockets that stay open would keep the process alive. Takes 10 s at most. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#used) return;
    await withinDeadline(DISCONNECT_TIMEOUT_MS, 'disconnecting', this.#admin.disconnect()).catch(
      () => undefined,
    );
  }
}

function isSoonOver(error: unknown): boolean {
  return causesOf(error).some((cause) => SOON_OVER.has(textFieldOf(cause, 'type') ?? ''));
}
