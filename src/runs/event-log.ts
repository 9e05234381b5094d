import type { Logger } from 'pino';
import type { AlarmChange } from '../streams/alarms.ts';
import type { BudgetState } from '../streams/budget.ts';
import type { CircuitState } from '../streams/circuit.ts';
import type { EndpointEvent } from '../streams/endpoint-state.ts';
import type { StageEvent, StageOutcome } from '../streams/stage-events.ts';

/** Writes down what went wrong, with the question it happened to. What went well stands in the store. */
export function logEvent(logger: Logger, event: StageEvent): void {
  const { stage } = event;
  switch (event.kind) {
    case 'attempt-failed': {
      const { work, attempt, failure } = event;
      const { questionId, lane, revision } = work;
      const facts = { stage, questionId, lane, revision, attempt: attempt.number, code: failure.code };
      logger.warn(
        { ...facts, kind: failure.kind, retryAfterMs: failure.facts.retryAfterMs },
        failure.message,
      );
      return;
    }
    case 'write-waits':
      logger.error({ stage, code: event.failure.code }, event.failure.message);
      return;
    case 'outcome':
      logOutcome(logger, stage, event.outcome);
      return;
    case 'call-started':
    case 'call-ended':
      return;
    default:
      event satisfies never;
  }
}

function logOutcome(logger: Logger, stage: string, outcome: StageOutcome): void {
  if (outcome.kind === 'dead-lettered') {
    const { work, failure } = outcome;
    const facts = { stage, questionId: work?.questionId, lane: work?.lane, code: failure.code };
    logger.error({ ...facts, kind: failure.kind }, `dead letter: ${failure.message}`);
  }
  if (outcome.kind === 'fatal')
    logger.fatal(
      { stage, code: outcome.failure.code, stack: outcome.failure.stack },
      outcome.failure.message,
    );
}

/** Writes down when an endpoint is given less, and what its circuit does. */
export function logEndpoint(logger: Logger, endpoint: string, event: EndpointEvent): void {
  if (event.kind === 'circuit') {
    logCircuit(logger, endpoint, event.state);
    return;
  }
  const { cause, limit, pausedMs } = event;
  logger.warn({ endpoint, cause, limit, pausedMs }, `slowed by ${cause}: ${limit} calls at once`);
}

function logCircuit(logger: Logger, endpoint: string, state: CircuitState): void {
  if (state.kind === 'open')
    logger.error(
      { endpoint, waitMs: state.waitMs, code: state.cause.code },
      `circuit open: ${state.cause.message}`,
    );
  if (state.kind === 'half-open' && !state.probing)
    logger.info({ endpoint }, 'circuit half-open: one call probes');
}

export function logAlarm(logger: Logger, { kind, alarm }: AlarmChange): void {
  const facts = { alarm: alarm.kind, subject: alarm.subject };
  if (kind === 'raised') logger.error(facts, alarm.text);
  else logger.info({ ...facts, since: alarm.since }, 'over');
}

export function logBudget(logger: Logger, state: BudgetState): void {
  if (state.kind === 'spent')
    logger.warn({ scope: state.scope }, `the budget of the ${state.scope} is used up: no new calls`);
}

/** An alarm, or its end, as a person reads it. */
export function noticeOf({ kind, alarm }: AlarmChange): string {
  return kind === 'raised' ? alarm.text : `Over: ${alarm.kind} of ${alarm.subject}.`;
}
