import type { Logger } from 'pino';
import { isShadowStage } from '../../../stages/judges/shadow-name.ts';
import type { AlarmChange } from '../../../streams/alarms.ts';
import type { BudgetState } from '../../../streams/budget/budget.ts';
import type { StageEvent, StageOutcome } from '../../../streams/delivery/stage-events.ts';
import type { Failure } from '../../../streams/failure.ts';
import type { CircuitState } from '../../../streams/limits/circuit/circuit.ts';
import type { EndpointEvent } from '../../../streams/limits/endpoint-state.ts';
import type { LogRecord } from '../../../streams/log/log.ts';
import type { WorkKey } from '../../../streams/work/work.ts';

/** Writes down what went wrong, with the question and the record it happened to. What went well stands in the store. */
export function logEvent(logger: Logger, event: StageEvent): void {
  const { stage } = event;
  switch (event.kind) {
    case 'attempt-failed': {
      const { record, work, attempt, failure } = event;
      const facts = { ...placeOf(stage, record, work), attempt: attempt.number, ...classOf(failure) };
      logger.warn({ ...facts, retryAfterMs: failure.facts.retryAfterMs }, failure.message);
      return;
    }
    case 'write-waits':
      logger.error({ stage, ...classOf(event.failure) }, event.failure.message);
      return;
    case 'outcome':
      logOutcome(logger, stage, event.record, event.outcome);
      return;
    case 'call-started':
    case 'call-ended':
    case 'step-made':
      return;
    default:
      event satisfies never;
  }
}

function logOutcome(logger: Logger, stage: string, record: LogRecord, outcome: StageOutcome): void {
  switch (outcome.kind) {
    case 'dead-lettered': {
      const { work, failure } = outcome;
      const facts = { ...placeOf(stage, record, work), ...classOf(failure) };
      logger.error(facts, `${isShadowStage(stage) ? 'not judged' : 'dead letter'}: ${failure.message}`);
      return;
    }
    case 'fatal': {
      const { failure } = outcome;
      const facts = { ...placeOf(stage, record), ...classOf(failure), stack: failure.stack };
      logger.fatal(facts, failure.message);
      return;
    }
    case 'left':
      logger.warn(placeOf(stage, record), outcome.failure.message);
      return;
    case 'settled':
    case 'repeated':
    case 'skipped':
    case 'abandoned':
      return;
    default:
      outcome satisfies never;
  }
}

/** Always the same fields for what happened to a record, whatever it was. Our records have the question's id as their key. */
function placeOf(stage: string, { topic, partition, offset, key }: LogRecord, work?: WorkKey) {
  const place = { stage, topic, partition, offset: Number(offset), questionId: work?.questionId ?? key };
  return work === undefined ? place : { ...place, lane: work.lane, revision: work.revision };
}

function classOf({ code, kind }: Failure) {
  return { code, kind };
}

/** Writes down who tries to come in, and who holds connections open. */
export function strangersIn(logger: Logger) {
  return {
    onWrongTokens: (address: string, count: number) =>
      logger.warn({ address, count }, `wrong tokens from ${address}: ${count}`),
    onCrowded: (address: string, closed: number) =>
      logger.warn(
        { address, closed },
        `too many connections: ${closed} idle ones closed, most of ${address}`,
      ),
  };
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
