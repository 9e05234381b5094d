import { Failure } from '../streams/failure.ts';
import type { LaneName } from '../streams/work.ts';
import type { Lane, LaneBook } from './lane.ts';

/**
 * The lane of a record, read once. Throws a Failure of kind `poison` for a lane that nobody opened.
 */
export class Lanes {
  readonly #book: LaneBook;
  readonly #known = new Map<LaneName, Promise<Lane>>();

  constructor(book: LaneBook) {
    this.#book = book;
  }

  get(name: LaneName): Promise<Lane> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const lane = this.#read(name);
    this.#known.set(name, lane);
    lane.catch(() => this.#known.delete(name));
    return lane;
  }

  /** Resolves when the lane is known: reading it in the middle of a call would make its trouble look like the model's. */
  async ready(name: LaneName): Promise<void> {
    await this.get(name);
  }

  async #read(name: LaneName): Promise<Lane> {
    const lane = await this.#book.get(name);
    if (lane === undefined)
      throw new Failure('poison', 'unknown_lane', `Nobody opened a lane named ${name}.`);
    return lane;
  }
}
