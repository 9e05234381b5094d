import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { StageName } from '../../../stages/stage-names.ts';
import type { Pause, PauseRepository } from '../../../stages/store/pause-repository.ts';
import { lookEvery } from '../../../streams/look-every.ts';

/** How soon a process hears that a stage was paused or resumed. */
export const PAUSES_EVERY_MS = 2_000;

export type WatchedPauses = Readonly<{
  /** Whether the stage is paused: now, and at every change. */
  of(stage: StageName): Observable<boolean>;
  isPaused(stage: string): boolean;
  stop(): Promise<void>;
}>;

/**
 * Reads which stages are paused, now and every few seconds, until stopped. While the store is away everything stays as it
 * was. Rejects with a Failure if it cannot be read at the start: a paused stage must not take a record then.
 */
export async function watchPauses(pauses: PauseRepository): Promise<WatchedPauses> {
  const paused = new BehaviorSubject<readonly Pause[]>(await pauses.list());
  const { stop } = lookEvery(PAUSES_EVERY_MS, async () => paused.next(await pauses.list()));
  const isPaused = (stage: string) => paused.value.some((each) => each.stage === stage);
  return {
    of: (stage) =>
      paused.pipe(
        map(() => isPaused(stage)),
        distinctUntilChanged(),
      ),
    isPaused,
    stop,
  };
}

/** Says that a stage is paused, and that it goes on. */
export function tellOfPauses(stage: StageName, onNotice: (notice: string) => void) {
  let told = false;
  return (paused: boolean): void => {
    if (paused) onNotice(`Stage ${stage} is paused by order: millrace resume ${stage} lets it go on.`);
    else if (told) onNotice(`Stage ${stage} goes on.`);
    told = paused;
  };
}
