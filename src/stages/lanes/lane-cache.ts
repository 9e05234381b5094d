import { Failure, PART_MISSING } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { StageName } from '../stage-names.ts';
import { ExtraBodies } from './extra-bodies.ts';
import type { Lane, LaneRepository } from './lane.ts';
import type { Recipes } from './recipe.ts';

/** How old what is known of a lane may be: whoever gives it another recipe is followed within seconds. */
const FRESH_MS = 2_000;

/** Which stages of a lane cannot be worked in this process for want of a part, each with what to say. */
export type Lacking = (recipes: Recipes) => ReadonlyMap<StageName, string>;

type Known = { lane: Promise<Lane>; readMs: number; value?: Lane };

/**
 * The lane of a record, read again every two seconds while it is used. Throws a Failure of kind `poison` for a lane that nobody
 * opened. One that is known stays known while the store is away.
 */
export class LaneCache {
  readonly #lanes: LaneRepository;
  readonly #bodies: ExtraBodies;
  readonly #lacking: Lacking | undefined;
  readonly #known = new Map<LaneName, Known>();

  /**
   * @param bodies the extra bodies of this process, which no lane holds.
   * @param lacking what of a lane cannot be worked in this process.
   */
  constructor(lanes: LaneRepository, bodies = new ExtraBodies(), lacking?: Lacking) {
    this.#lanes = lanes;
    this.#lacking = lacking;
    this.#bodies = bodies;
  }

  get(name: LaneName): Promise<Lane> {
    const known = this.#known.get(name);
    if (known === undefined) return this.#first(name);
    if (performance.now() - known.readMs > FRESH_MS) this.#refresh(name, known);
    return known.lane;
  }

  /** The lane as it was read last; `undefined` before it was. */
  known(name: LaneName): Lane | undefined {
    return this.#known.get(name)?.value;
  }

  /**
   * Resolves when the lane is known: reading it in the middle of a call would make its trouble look like the model's. Rejects with
   * a Failure (`part_missing`) where the stage needs a part that is not registered in this process.
   */
  async ready(name: LaneName, stage?: StageName): Promise<void> {
    const { recipes } = await this.get(name);
    const missing = stage === undefined ? undefined : this.#lacking?.(recipes).get(stage);
    if (missing !== undefined) throw new Failure('poison', PART_MISSING, missing);
  }

  #first(name: LaneName): Promise<Lane> {
    const lane = this.#read(name);
    const known: Known = { lane, readMs: performance.now() };
    this.#known.set(name, known);
    lane.then(
      (value) => {
        known.value = value;
      },
      () => this.#known.delete(name),
    );
    return lane;
  }

  #refresh(name: LaneName, known: Known): void {
    known.readMs = performance.now();
    this.#read(name).then(
      (lane) => {
        known.lane = Promise.resolve(lane);
        known.value = lane;
      },
      // The next use tries again.
      () => undefined,
    );
  }

  async #read(name: LaneName): Promise<Lane> {
    const lane = await this.#lanes.get(name);
    if (lane === undefined)
      throw new Failure('poison', 'unknown_lane', `Nobody opened a lane named ${name}.`);
    return this.#bodies.restored(lane);
  }
}
