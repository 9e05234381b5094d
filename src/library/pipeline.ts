import { intake } from '../features/questions/intake.ts';
import { eachWithFields } from '../features/questions/with-fields.ts';
import { newRunId, openRun } from '../features/run/open-run.ts';
import { budgetSpent, untilSpent } from '../features/run/progress/run-budget.ts';
import { RunProgressReader } from '../features/run/progress/run-progress.ts';
import type { Session } from '../features/run/session/session.ts';
import type { Example } from '../stages/example.ts';
import { fieldsNamedIn } from '../stages/question-parts/named-fields.ts';
import type { StageEvent } from '../streams/delivery/stage-events.ts';
import { OpenQuestions } from './open-questions.ts';
import type { PipelineOptions, QuestionInput } from './options.ts';
import { errorOf, type PipelineError, type PipelineProgress } from './progress.ts';
import { type FromOption, questionsFromInputs } from './question-from-input.ts';
import { sessionOf } from './session-of.ts';

/** The most that are kept: a pipeline without end must not grow with what went wrong. */
const ERRORS_KEPT = 100;

export type ContinuousOptions = PipelineOptions &
  FromOption &
  Readonly<{
    /** How many questions may be in progress, from being taken until their example is read. Default: 8 batches, at least 64. */
    window?: number;
    /** On MongoDB, give the lane that all workers share the recipe of these options. Default: the lane keeps its own, and a warning says so. */
    newRecipe?: boolean;
  }>;

/** The five stages at work, for an endless stream of questions. */
export type Pipeline = Readonly<{
  /**
   * Takes questions and yields approved examples, in order of completion. A question is taken only when there is room in the
   * window, so a slow reader slows the supply down. Ends when the supply and every question have ended, or when the
   * pipeline is closed; unfinished questions then continue at the next start. A question that was asked before yields its
   * example again and costs nothing. Throws the Failure that broke the pipeline.
   */
  process(
    questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>,
  ): AsyncGenerator<Example, void, void>;
  /** Of the last `process`. */
  progress(): Promise<PipelineProgress>;
  /**
   * Gives calls in flight `drainMs` to finish, aborts the others, and closes the store. Unfinished questions continue at
   * the next start. Rejects with a Failure of kind `outage` (`not_ended`) if a server is away and closing takes two seconds
   * longer. It is safe to call it again.
   */
  close(): Promise<void>;
}>;

/** Starts the five stages. Rejects with a Failure whose message says what to do. */
export async function createPipeline(options: ContinuousOptions = {}): Promise<Pipeline> {
  const { window, newRecipe, from, ...rest } = options;
  const session = await sessionOf(rest, { newRecipe });
  const errors = new LastErrors();
  let reader: RunProgressReader | undefined;
  session.events.subscribe((event) => errors.onEvent(event));
  return {
    process: (questions) => {
      const run = newRunId();
      reader = new RunProgressReader(session, run);
      const most = window ?? Math.max(64, 8 * session.settings.batchSize);
      return processAll(session, { run, questions, from, window: most });
    },
    progress: async () => {
      const read = await reader?.read();
      const { questions = 0, open = 0, stages = [] } = read ?? {};
      return { questions, open, stages, ...errors.read };
    },
    close: () => session.close(),
  };
}

type Processing = FromOption &
  Readonly<{
    run: string;
    questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>;
    window: number;
  }>;

async function* processAll(
  session: Session,
  { run, questions, from, window }: Processing,
): AsyncGenerator<Example, void, void> {
  const { engine, namespace, lane, settings, stop } = session;
  await openRun(engine.store.runs, lane.name, 'library', run);
  const open = new OpenQuestions(session, window);
  const names = fieldsNamedIn(lane.recipes);
  session.broken.catch((failure: unknown) => open.fail(failure));
  untilSpent(session.budget).then((scope) => open.fail(budgetSpent(scope)));
  async function* asked() {
    for await (const each of eachWithFields(questionsFromInputs(questions, { settings, from }), names)) {
      const added = await open.add(each.question);
      if (added === 'over') return;
      if (added === 'added') yield each;
    }
  }
  const fed = intake(asked(), { log: engine.log, namespace, lane, run, stop: stop.signals });
  fed.then(
    () => open.endSupply(),
    (failure: unknown) => open.fail(failure),
  );
  try {
    yield* open.examples();
  } finally {
    open.close();
  }
}

/** The last errors, and how many there were. */
class LastErrors {
  readonly #last: PipelineError[] = [];
  #count = 0;

  onEvent(event: StageEvent): void {
    const error = errorOf(event);
    if (error === undefined) return;
    this.#count += 1;
    this.#last.push(error);
    if (this.#last.length > ERRORS_KEPT) this.#last.shift();
  }

  get read(): Readonly<{ errors: readonly PipelineError[]; errorCount: number }> {
    return { errors: [...this.#last], errorCount: this.#count };
  }
}
