import type { Logger } from 'pino';
import { distinct, mergeMap, type Observable, type Subscription } from 'rxjs';
import { PROMPT_CUT } from '../../../stages/agent/cut-prompt.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';

type Told = Readonly<{ logger: Logger; onNotice: (text: string) => void }>;

/** Says once of each model that its server cuts prompts: every question that it happened to says it, too. */
export function watchCutPrompts(events: Observable<StageEvent>, { logger, onNotice }: Told): Subscription {
  return events
    .pipe(
      mergeMap(cutsIn),
      distinct(({ model }) => model),
    )
    .subscribe(({ model, message, questionId, stage }) => {
      logger.warn({ model, stage, questionId, code: PROMPT_CUT }, message);
      onNotice(`${model}: ${message.replace('. ', '.\n  ')}\n  Said once. See: millrace show ${questionId}`);
    });
}

function cutsIn(event: StageEvent) {
  if (event.kind !== 'outcome' || event.outcome.kind !== 'settled' || !event.outcome.called) return [];
  const { work, finished } = event.outcome;
  return finished.attempts
    .filter(({ outcome, code }) => outcome === 'ok' && code === PROMPT_CUT)
    .map(({ model, message }) => ({ model, message, questionId: work.questionId, stage: event.stage }));
}
