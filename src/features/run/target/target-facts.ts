import { auditTime, filter, firstValueFrom, interval, map, merge, take } from 'rxjs';
import { topicsOf } from '../../../stages/stage-names.ts';
import type { TopicCounts } from '../../../stages/store/store.ts';
import { failWhen, isStopping } from '../../../streams/stop.ts';
import { stageOneKnows } from '../run-watch.ts';
import type { Session } from '../session/session.ts';
import type { TargetFacts } from './target-supply.ts';

const LOOK_MS = 250;
const CHECK_MS = 20;
/** Counting by topic reads an entry of each question of the run: it takes at most a tenth of the time. */
const REST_FACTOR = 9;
const LONGEST_REST_MS = 2_000;

/** What a supply has to know of the run that it feeds, and the one thing it has to be told. */
export class RunFacts implements TargetFacts {
  readonly #session: Session;
  readonly #run: string;
  #accepted = 0;
  #restUntilMs = 0;

  constructor(session: Session, run: string) {
    this.#session = session;
    this.#run = run;
  }

  /** So many questions are in the log by now. */
  onAccepted(accepted: number): void {
    this.#accepted = accepted;
  }

  async counts(asked: number): Promise<readonly TopicCounts[]> {
    const { engine, namespace } = this.#session;
    while (this.#accepted < asked) if (!(await this.changed())) break;
    const ends = await engine.log.endOffsets(topicsOf(namespace).questions);
    while (!(await stageOneKnows(this.#session, ends))) if (!(await this.changed())) break;
    while (performance.now() < this.#restUntilMs) if (!(await this.changed())) break;
    const startMs = performance.now();
    const counts = await engine.store.runs.countsByTopic(this.#run);
    const endMs = performance.now();
    this.#restUntilMs = endMs + Math.min(LONGEST_REST_MS, REST_FACTOR * (endMs - startMs));
    return counts;
  }

  async changed(): Promise<boolean> {
    const { events, stop } = this.#session;
    const outcomes = events.pipe(filter(({ kind }) => kind === 'outcome'));
    const looks = merge(outcomes, interval(LOOK_MS)).pipe(
      auditTime(CHECK_MS),
      map(() => true),
    );
    try {
      return await firstValueFrom(merge(looks, failWhen(stop.signals.draining)).pipe(take(1)));
    } catch (error) {
      if (isStopping(error)) return false;
      throw error;
    }
  }
}
