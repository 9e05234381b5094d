import { openCount } from '../../../stages/status.ts';
import type { TopicCounts } from '../../../stages/store/store.ts';
import type { Asked } from '../../questions/question-record.ts';
import { groupCounts, type Target, targetGroupOf } from './target.ts';

/** What the supply has to know of the run that it feeds. */
export type TargetFacts = Readonly<{
  /** Where the run's questions stand, once stage 1 knows all `asked` of them. */
  counts(asked: number): Promise<readonly TopicCounts[]>;
  /** Resolves when something may have changed; `false` when the run stops. */
  changed(): Promise<boolean>;
}>;

type Group = {
  /** How many may be asked before the next look. */
  slots: number;
  full: boolean;
  readonly waiting: Asked[];
};

/** Questions of busy topics that may wait while others are asked. */
const MOST_WAITING = 1_000;

/**
 * Feeds a run until its target is approved. Never more questions are open than approvals are missing, so none can be
 * approved that nobody needs: towards the end questions are asked one by one as others are rejected, which takes a little
 * longer and wastes no money. A question whose topic has enough passes by unasked; one whose topic may still need it
 * waits, and only when many wait the supply stands still.
 */
export class TargetSupply {
  readonly #target: Target;
  readonly #facts: TargetFacts;
  readonly #groups = new Map<string, Group>();
  #asked = 0;
  #waiting = 0;
  #passedBy = 0;
  #ended = false;

  constructor(target: Target, facts: TargetFacts) {
    this.#target = target;
    this.#facts = facts;
  }

  /** Questions that were not asked, since their topic had enough. */
  get passedBy(): number {
    return this.#passedBy;
  }

  /** What to ask, in the order of the supply but for those that had to wait. */
  async *take(supply: AsyncIterable<Asked>): AsyncGenerator<Asked> {
    const source = supply[Symbol.asyncIterator]();
    try {
      while (!this.#hasEnough) {
        yield* this.#ready();
        if (this.#wantsMore) {
          const next = await source.next();
          if (next.done === true) this.#ended = true;
          else this.#sort(next.value);
        } else if (this.#ended && this.#waiting === 0) return;
        else if (!(await this.#look())) return;
      }
    } finally {
      await source.return?.();
    }
  }

  /** A target of the whole run is known to be reached; of topics, there may always come a new one. */
  get #hasEnough(): boolean {
    return this.#target.per === undefined && this.#targetGroupOf('').full;
  }

  /** Whether to read on. Not before somebody may be asked: the supply may be silent for long. */
  get #wantsMore(): boolean {
    if (this.#ended) return false;
    return this.#target.per === undefined ? this.#targetGroupOf('').slots > 0 : this.#waiting < MOST_WAITING;
  }

  #sort(each: Asked): void {
    const group = this.#targetGroupOf(targetGroupOf(this.#target, each.question));
    if (group.full) {
      this.#passedBy += 1;
      return;
    }
    group.waiting.push(each);
    this.#waiting += 1;
  }

  *#ready(): Generator<Asked> {
    for (const group of this.#groups.values())
      while (group.slots > 0 && group.waiting.length > 0) {
        const next = group.waiting.shift();
        if (next === undefined) break;
        group.slots -= 1;
        this.#waiting -= 1;
        this.#asked += 1;
        yield next;
      }
  }

  get #hasReady(): boolean {
    return [...this.#groups.values()].some(({ slots, waiting }) => slots > 0 && waiting.length > 0);
  }

  /** Looks where the run stands, and waits for a change where that lets nobody in. False when the run stops. */
  async #look(): Promise<boolean> {
    await this.#refresh();
    const isOver = this.#hasEnough || (this.#ended && this.#waiting === 0);
    return this.#hasReady || this.#wantsMore || isOver || this.#facts.changed();
  }

  async #refresh(): Promise<void> {
    const counted = groupCounts(this.#target, await this.#facts.counts(this.#asked));
    for (const [name, counts] of counted) {
      const group = this.#targetGroupOf(name);
      const missing = this.#target.approved - counts.approved;
      group.slots = Math.max(0, missing - openCount(counts));
      group.full = missing <= 0;
      if (group.full) this.#passBy(group);
    }
  }

  #passBy({ waiting }: Group): void {
    this.#passedBy += waiting.length;
    this.#waiting -= waiting.length;
    waiting.length = 0;
  }

  #targetGroupOf(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = { slots: this.#target.approved, full: false, waiting: [] };
    this.#groups.set(name, group);
    return group;
  }
}
