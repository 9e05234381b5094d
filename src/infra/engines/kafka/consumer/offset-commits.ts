import type { Consumer } from 'kafkajs';
import type { Offset } from '../../../../streams/log/log.ts';
import { withinDeadline } from '../deadline.ts';

const COMMIT_TIMEOUT_MS = 5_000;

/**
 * Commits of one consumer: those of one moment travel in one request. That kafkajs resolves proves nothing (it does so,
 * and sends nothing, while it stops or crashes), so only what the broker confirmed counts.
 */
export class OffsetCommits {
  readonly #consumer: Consumer;
  readonly #topic: string;
  readonly #confirmed = new Map<number, Offset>();
  #wanted = new Map<number, Offset>();
  #round: Promise<void> | undefined;

  constructor(consumer: Consumer, topic: string) {
    this.#consumer = consumer;
    this.#topic = topic;
    consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      for (const { partitions } of payload.topics)
        for (const { partition, offset } of partitions)
          this.#confirmed.set(partition, BigInt(offset.toString()));
    });
  }

  /** True once the broker has stored it; false when nothing is known. Never throws, and never takes over 5 s. */
  async commit(partition: number, offset: Offset): Promise<boolean> {
    this.#confirmed.delete(partition);
    this.#wanted.set(partition, offset);
    this.#round ??= Promise.resolve().then(() => this.#send());
    await this.#round;
    const confirmed = this.#confirmed.get(partition);
    return confirmed !== undefined && confirmed >= offset;
  }

  async #send(): Promise<void> {
    this.#round = undefined;
    const offsets = [...this.#wanted].map(([partition, offset]) => ({
      topic: this.#topic,
      partition,
      offset: offset.toString(),
    }));
    this.#wanted = new Map();
    await withinDeadline(COMMIT_TIMEOUT_MS, 'committing', this.#consumer.commitOffsets(offsets)).catch(
      () => undefined,
    );
  }
}
