import type { Logger } from 'pino';
import { distinct, mergeMap, type Observable, type Subscription } from 'rxjs';
import { PROMPT_CUT } from '../../../stages/agent/cut-prompt.ts';
import type { ToolsTold } from '../../../stages/research/tool-support.ts';
import type { AlarmSink } from '../../../streams/alarms.ts';
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

/** What people are told of models that do not call tools: an alarm where one cannot, a notice where one does not. */
export function toolNotices({ alarms, logger, onNotice }: Told & Readonly<{ alarms: AlarmSink }>): ToolsTold {
  return {
    onUnable: (model) =>
      alarms.raise(
        'tools_unsupported',
        model,
        `The model ${model} cannot call tools: it answers from what Millrace finds for it.`,
      ),
    onUnused: (model) => {
      const text = `${model} answered five questions in a row and looked nothing up itself.`;
      logger.warn({ model, code: 'tools_unused' }, text);
      onNotice(`${text}\n${WHAT_TO_DO}`);
    },
  };
}

const WHAT_TO_DO = `  If what stands in front is enough: --research sources. If not: fewer pieces
  there (piecesInFront), or a model that calls tools. Said once.`;
