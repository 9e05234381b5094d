import { type RunProgress, RunProgressReader } from '../features/run/progress/run-progress.ts';
import { type RunSummary, runQuestions } from '../features/run/run.ts';
import type { Session } from '../features/run/session/session.ts';
import type { Example } from '../stages/example.ts';
import type { AgentStage } from '../stages/stage-names.ts';
import { closeAfter } from '../streams/closing.ts';
import { onAbort } from '../streams/stop.ts';
import type { PipelineOptions, QuestionInput } from './options.ts';
import { errorOf, type PipelineError, type PipelineProgress } from './progress.ts';
import { type FromOption, questionsFromInputs } from './question-from-input.ts';
import { sessionOf } from './session-of.ts';

export type GenerateOptions = PipelineOptions &
  FromOption &
  Readonly<{
    questions: Iterable<QuestionInput> | AsyncIterable<QuestionInput>;
    maxQuestions?: number;
    /** Work the questions again from this agent on, beside the old results. */
    redo?: AgentStage;
    /** On MongoDB, gives the lane that all workers share the recipe of these options. Default: its own counts, which a warning tells. */
    newRecipe?: boolean;
    /** Hears of the run a few times a second. */
    onProgress?: (progress: RunProgress) => void;
    /** Drains the run when aborted: calls in flight finish for `drainMs`, the rest waits for the next start. */
    signal?: AbortSignal;
  }>;

export type Generated = Readonly<{
  /** Approved, in the order of the questions. */
  examples: readonly Example[];
  /** Not approved after the last revision, with the reviewer's scores and reasons. */
  rejected: readonly Example[];
  /** Every question that failed for good. */
  errors: readonly PipelineError[];
  summary: RunSummary;
  progress: PipelineProgress;
}>;

const PROGRESS_MS = 200;

/**
 * Turns questions into reviewed training examples, and resolves when every question has reached an end. One failure
 * never stops the others. Everything is stored under `data`: the same questions again cost no call for what is done.
 * Rejects with a Failure whose message says what to do (a wrong key, a data directory in use, a bad setting), or that a server
 * is away so long after the stop that the end is not waited for (`not_ended`). Holds all
 * examples in memory; for streams without end use `createPipeline`.
 */
export async function generateSyntheticData(options: GenerateOptions): Promise<Generated> {
  const { questions, from, maxQuestions, redo, newRecipe, onProgress, signal, ...rest } = options;
  return closeAfter(async (opened) => {
    const session = await sessionOf(rest, { redo, newRecipe });
    opened.defer(() => session.close());
    return session.within(generate(session, { questions, from, maxQuestions, redo, onProgress, signal }));
  });
}

type Asking = Pick<GenerateOptions, 'questions'> &
  Readonly<{
    [name in 'from' | 'maxQuestions' | 'redo' | 'onProgress' | 'signal']: GenerateOptions[name] | undefined;
  }>;

async function generate(
  session: Session,
  { questions, from, maxQuestions, redo, onProgress, signal }: Asking,
) {
  const errors: PipelineError[] = [];
  session.events.subscribe((event) => {
    const error = errorOf(event);
    if (error !== undefined) errors.push(error);
  });
  if (signal !== undefined) onAbort(signal, () => session.stop.drain());
  let watch: Watch | undefined;
  const summary = await runQuestions(session, {
    asked: questionsFromInputs(questions, { settings: session.settings, from }),
    input: 'library',
    maxQuestions,
    redo,
    onStarted: (run) => {
      watch = watchProgress(session, run, onProgress);
    },
  });
  const last = await watch?.stop();
  const counts = { questions: summary.questions, open: summary.open, stages: last?.stages ?? [] };
  const progress = { ...counts, errors, errorCount: errors.length };
  const query = { lane: session.lane.name, run: summary.run };
  const examples = await collect(session, { ...query, verdict: 'approved' });
  const rejected = await collect(session, { ...query, verdict: 'rejected' });
  return { examples, rejected, errors, summary, progress };
}

async function collect(
  { engine }: Session,
  query: Parameters<Session['engine']['store']['reports']['dataset']>[0],
): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const { example } of engine.store.reports.dataset(query)) examples.push(example);
  return examples;
}

type Watch = Readonly<{ stop(): Promise<RunProgress> }>;

function watchProgress(session: Session, run: string, onProgress: GenerateOptions['onProgress']): Watch {
  const reader = new RunProgressReader(session, run);
  const timer =
    onProgress === undefined
      ? undefined
      : setInterval(() => void reader.read().then(onProgress, session.fail), PROGRESS_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return reader.read();
    },
  };
}
