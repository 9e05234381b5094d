import { Failure } from '../failure.ts';
import { stopping } from '../stop.ts';

/** So many different works refused in the same words, and none answered: it is no matter of the work. */
const SAME_WORDS = 3;
/** … and so many in whatever words. */
const ANY_WORDS = 10;
/** Who hears nothing of others for so long is alone. */
const QUIET_MS = 5_000;

type Held = Readonly<{ failure: Failure; end(failure: Failure): void }>;

/**
 * Whether a refusal concerns one work or all: until the first answer to a stage nobody knows. Refusals that can be either
 * (`scope: 'unclear'`) wait for it. After the first answer each is its own work's; when several works were refused alike, all
 * that were on their way are back, and none was answered, nothing can work until a person changes something, and no work is
 * given up for it. No call is made only to find out.
 */
export class FirstAnswers {
  readonly #stage: string;
  readonly #words = new Map<string, string>();
  readonly #held = new Set<Held>();
  #answered = false;
  #stopped = false;

  constructor(stage: string) {
    this.#stage = stage;
  }

  /** Enough were refused: no other need be sent before those on their way are back. */
  get isEnough(): boolean {
    return !this.#answered && this.#refusedAlike;
  }

  onAnswered(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#words.clear();
    for (const held of this.#held) held.end(believed(held.failure));
  }

  /** What the failure of the work is. Waits where that is still open. */
  judge(failure: Failure, work: string): Promise<Failure> {
    if (failure.facts.scope !== 'unclear' || this.#stopped) return Promise.resolve(failure);
    if (this.#answered) return Promise.resolve(believed(failure));
    const isNew = !this.#words.has(work);
    this.#words.set(work, wordsOf(failure));
    if (!isNew) return Promise.resolve(failure);
    return new Promise((resolve) => {
      const end = (verdict: Failure) => {
        clearTimeout(timer);
        this.#held.delete(held);
        resolve(verdict);
      };
      const timer = setTimeout(() => end(failure), QUIET_MS);
      const held: Held = { failure, end };
      this.#held.add(held);
    });
  }

  /** @param onTheirWay calls of the stage. */
  onArrival(onTheirWay: number): void {
    if (onTheirWay > 0 || !this.isEnough) return;
    for (const held of this.#held) held.end(this.#ofAll(held.failure));
  }

  stop(): void {
    this.#stopped = true;
    for (const held of this.#held) held.end(stopping());
  }

  get #refusedAlike(): boolean {
    if (this.#words.size >= ANY_WORDS) return true;
    const counts = new Map<string, number>();
    for (const words of this.#words.values()) counts.set(words, (counts.get(words) ?? 0) + 1);
    return Math.max(0, ...counts.values()) >= SAME_WORDS;
  }

  #ofAll({ code, message }: Failure): Failure {
    const how = `Its first ${this.#words.size} calls for ${this.#stage} all ended so, and none was answered: the run stops, and no question is given up.`;
    return new Failure('fatal', code, `${message} ${how}`);
  }
}

/** The failure where others were answered: it is this work's own, or passes. */
function believed(failure: Failure): Failure {
  const { kind, code, message, facts } = failure;
  if (kind !== 'fatal') return failure;
  return new Failure(facts.outageSignal === true ? 'transient' : 'poison', code, message, facts);
}

/** Numbers, ids and what is quoted differ from call to call. */
function wordsOf({ code, message }: Failure): string {
  return `${code} ${message.replace(/"[^"]*"|\S*\d\S*/g, '')}`;
}
