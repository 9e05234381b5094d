import { type Attributes, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { StageOutcome } from '../../streams/delivery/stage-events.ts';
import type { StageTracer, TracedWork } from '../../streams/delivery/stage-tracer.ts';
import { traceContextOf } from '../../streams/log/trace-context.ts';
import { workIdOf } from '../../streams/work/work.ts';
import { ATTRIBUTE } from './span-names.ts';
import { endWithFailure, type SpanSource } from './span-source.ts';
import { traceIdOf } from './trace-ids.ts';

/** `kafka`, or `millrace` for the embedded log. */
export type MessagingSystem = 'kafka' | 'millrace';

/** One span per record and stage, from its delivery until it is settled. Records that are none of the stage's leave none. */
export class WorkSpans implements StageTracer {
  readonly #spans: SpanSource;
  readonly #system: MessagingSystem;

  constructor(spans: SpanSource, system: MessagingSystem) {
    this.#spans = spans;
    this.#system = system;
  }

  async work(traced: TracedWork, act: () => Promise<StageOutcome>): Promise<StageOutcome> {
    const span = this.#start(traced);
    try {
      const outcome = await this.#spans.run(span, act);
      if (outcome.kind !== 'skipped') endWith(span, outcome);
      return outcome;
    } catch (error) {
      endWithFailure(span, error);
      throw error;
    }
  }

  #start({ stage, record, work, ownTrace }: TracedWork): Span {
    const { topic, partition, offset } = record;
    const place = {
      [ATTRIBUTE.system]: this.#system,
      [ATTRIBUTE.operationName]: 'process',
      [ATTRIBUTE.operationType]: 'process',
      [ATTRIBUTE.destination]: topic,
      [ATTRIBUTE.partition]: String(partition),
      [ATTRIBUTE.stage]: stage,
      [ATTRIBUTE.topic]: topic,
      [ATTRIBUTE.offset]: Number(offset),
      ...(this.#system === 'kafka' ? { [ATTRIBUTE.kafkaOffset]: Number(offset) } : {}),
      ...(record.key === null ? {} : { [ATTRIBUTE.kafkaKey]: record.key }),
    };
    const attributes = { ...place, ...aboutWork(work) };
    const start = { name: `process ${topic}`, kind: SpanKind.CONSUMER, attributes };
    const before = ownTrace ? undefined : traceContextOf(record);
    if (before !== undefined) return this.#spans.after(before, start);
    const named = work === undefined ? `${topic}:${partition}:${offset}` : `${work.lane}/${work.questionId}`;
    return this.#spans.first(traceIdOf(named), start);
  }
}

function aboutWork(work: TracedWork['work']): Attributes {
  if (work === undefined) return {};
  const { lane, questionId, revision, drive } = work;
  return {
    [ATTRIBUTE.lane]: lane,
    [ATTRIBUTE.questionId]: questionId,
    [ATTRIBUTE.revision]: revision,
    [ATTRIBUTE.drive]: drive,
    [ATTRIBUTE.workId]: workIdOf(work),
  };
}

function endWith(span: Span, outcome: StageOutcome): void {
  span.setAttribute(ATTRIBUTE.outcome, outcome.kind);
  if (outcome.kind === 'dead-lettered' || outcome.kind === 'fatal') {
    endWithFailure(span, outcome.failure);
    return;
  }
  if (outcome.kind === 'settled') span.setStatus({ code: SpanStatusCode.OK });
  span.end();
}
