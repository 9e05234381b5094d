import { intake } from '../runs/intake.ts';
import { newRunId } from '../runs/run.ts';
import { budgetSpent, untilSpent } from '../runs/run-budget.ts';
import { RunProgressReader } from '../runs/run-progress.ts';
import { openSession, type Session } from '../runs/session.ts';
import type { Example } from '../stages/example.ts';
import { OpenQuestions } from './open-questions.ts';
import { askedOf, type PipelineOptions, parseOptions, type QuestionInput } from './options.ts';
import { errorOf, type PipelineError, type PipelineProgress } from './progress.ts';

export type ContinuousOptions = PipelineOptions &
  Readonly<{
    /** Questions that may be on their way, from being taken to their example being read. Default: 8 batches, at least 64. */
    window?: number;
  }>;

/** Five stages at work, for those who feed questions without end. */
export type Pipeline = Readonly<{
  /**
   * Questions in, approved examples out, in order of completion. Takes a question only when there is room in the
   * window, so a slow reader slows the supply down. Ends when the supply has ended and every question has. A question
   * asked before yields its example again and costs nothing. Throws the Failure that broke the pipeline.
   */
  process(
    questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>,
  ): AsyncGenerator<Example, void, void>;
  /** Of the last `process`. */
  progress(): Promise<PipelineProgress>;
  /** Lets calls in flight finish, and closes the store. What is not done goes on at the next start. */
  close(): Promise<void>;
}>;

/** Starts the five stages. Rejects with a Failure whose message says what to do. */
export async function createPipeline(options: ContinuousOptions = {}): Promise<Pipeline> {
  const { window, ...rest } = options;
  const { settings, model } = parseOptions(rest);
  const session = await openSession({ settings, model, shadows: true });
  const errors: PipelineError[] = [];
  let reader: RunProgressReader | undefined;
  session.events.subscribe((event) => {
    const error = errorOf(event);
    if (error !== undefined) errors.push(error);
  });
  return {
    process: (questions) => {
      const run = newRunId();
      reader = new RunProgressReader(session, run);
      return processAll(session, run, questions, window ?? Math.max(64, 8 * settings.batchSize));
    },
    progress: async () => {
      const read = await reader?.read();
      return { questions: read?.questions ?? 0, open: read?.open ?? 0, stages: read?.stages ?? [], errors };
    },
    close: () => session.close(),
  };
}

async function* processAll(
  session: Session,
  run: string,
  questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>,
  window: number,
): AsyncGenerator<Example, void, void> {
  const { engine, namespace, lane, settings, stop } = session;
  const startedAt = new Date().toISOString();
  await engine.store.runs.open({ id: run, lane: lane.name, startedAt, input: 'library' });
  const open = new OpenQuestions(session, window);
  session.broken.catch((failure: unknown) => open.fail(failure));
  untilSpent(session.budget).then((scope) => open.fail(budgetSpent(scope)));
  async function* asked() {
    let position = 0;
    for await (const question of questions) {
      const each = askedOf(question, settings, position++);
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
