import { type Asked, publishQuestions } from '../features/questions/question-record.ts';
import { eachWithFields, fieldsOfMain } from '../features/questions/with-fields.ts';
import { newRunId } from '../features/run/open-run.ts';
import { namespaceOf } from '../features/run/session/session.ts';
import { isSimulated } from '../infra/config/model/is-simulated.ts';
import type { Settings } from '../infra/config/settings.ts';
import type { Engine } from '../infra/engines/engine.ts';
import { openEngine } from '../infra/engines/open-engine.ts';
import { pipelineTopics } from '../stages/pipeline.ts';
import { questionIdOf } from '../stages/question.ts';
import type { NamedFields } from '../stages/question-parts/named-fields.ts';
import { openAll } from '../streams/closing.ts';
import { Failure } from '../streams/failure.ts';
import { inBatches } from '../streams/in-batches.ts';
import { Permits } from '../streams/limits/permits.ts';
import { retryWithin } from '../streams/work/retry-within.ts';
import { type PipelineOptions, parseOptions, type QuestionInput } from './options.ts';
import { type FromOption, questionsFromInputs } from './question-from-input.ts';

export type ProducerOptions = Omit<PipelineOptions, 'model'> &
  FromOption &
  Readonly<{
    /** Whether the questions are for the simulated model. Default: as for a pipeline with these options. */
    simulated?: boolean;
    /**
     * Names in `metadata` that prompts use as `{{fields.NAME}}`: with them questions are told apart. Default: those of the prompts of
     * the lane `main`, as it is when the producer is opened.
     */
    fields?: readonly string[];
  }>;

type Questions = QuestionInput | Iterable<QuestionInput> | AsyncIterable<QuestionInput>;

/** Publishes questions for workers, or for a run elsewhere. */
export type Producer = Readonly<{
  /** The name of this producer's run: `runs` in a question's history. */
  run: string;
  /** Whether the questions are for the simulated model. */
  simulated: boolean;
  /**
   * Resolves with the id of each question, in order, once the log has acknowledged all of them. At most 4,000 questions are
   * sent at the same time, over all calls; others wait, and an iterable is not read further meanwhile. Rejects with a
   * Failure: `bad_question`, which names the position, or one of kind `outage` if the log is away for more than a minute.
   * Some questions may have been accepted by then; sending all of them again is safe and costs nothing.
   */
  send(questions: Questions): Promise<readonly string[]>;
  /** Waits until everything is sent, and disconnects. */
  close(): Promise<void>;
}>;

const BATCH = 500;
const BATCHES_AT_ONCE = 8;
const PATIENCE_MS = 60_000;

/**
 * Opens the log that the options name and creates missing topics. On the embedded engine you can use it during a run
 * in the same data directory. Rejects with a Failure whose message says what to do.
 */
export async function createProducer({
  simulated,
  fields,
  from,
  ...options
}: ProducerOptions = {}): Promise<Producer> {
  const { settings } = await parseOptions(options);
  const simulates = simulated ?? isSimulated(settings);
  const namespace = namespaceOf(settings, simulates);
  return openAll(async (opened) => {
    const engine = await openEngine({ settings, namespace, mode: 'append' });
    opened.defer(() => engine.close());
    await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
    const named =
      fields === undefined ? await fieldsOfMain(engine.store.lanes) : { always: fields, byType: {} };
    return new EngineProducer({ engine, namespace, settings, from, simulated: simulates, fields: named });
  });
}

type Opened = Readonly<{
  engine: Engine;
  namespace: string;
  settings: Settings;
  from: FromOption['from'];
  simulated: boolean;
  fields: NamedFields;
}>;

class EngineProducer implements Producer {
  readonly run = newRunId();
  readonly simulated: boolean;
  readonly #opened: Opened;
  readonly #permits: Permits;
  #position = 0;
  #closing: Promise<void> | undefined;

  constructor(opened: Opened) {
    this.simulated = opened.simulated;
    this.#opened = opened;
    this.#permits = new Permits(BATCHES_AT_ONCE, new AbortController().signal);
  }

  async send(questions: Questions): Promise<readonly string[]> {
    const ids: string[] = [];
    const { settings, from, fields } = this.#opened;
    const asked = eachWithFields(questionsFromInputs(listOf(questions), { settings, from }), fields);
    for await (const batch of inBatches(asked, BATCH)) {
      ids.push(...batch.map(({ question }) => questionIdOf(question)));
      await this.#publish(batch);
    }
    return ids;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #publish(batch: readonly Asked[]): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    await this.#permits.acquire();
    try {
      const asking = { run: this.run, position: this.#position };
      this.#position += batch.length;
      const { engine, namespace } = this.#opened;
      await retryWithin(() => publishQuestions(engine.log, namespace, batch, asking), PATIENCE_MS);
    } finally {
      this.#permits.release();
    }
  }

  async #close(): Promise<void> {
    // First come, first served: calls that already wait for a permit are served before this.
    for (let each = 0; each < BATCHES_AT_ONCE; each += 1) await this.#permits.acquire();
    await this.#opened.engine.close();
  }
}

function listOf(questions: Questions): Iterable<QuestionInput> | AsyncIterable<QuestionInput> {
  return typeof questions === 'string' || 'question' in questions ? [questions] : questions;
}

function closed(): Failure {
  return new Failure('fatal', 'closed', 'The producer was closed: open another one to send more.');
}
