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
    /** Repeat the questions from this agent on, beside the old results. */
    redo?: AgentStage;
    /** On MongoDB, give the lane that all workers share the recipe of these options. Default: the lane keeps its own, and a warning says so. */
    newRecipe?: boolean;
    /** Called with the progress of the run a few times a second. */
    onProgress?: (progress: RunProgress) => void;
    /** Stops the run when aborted: calls in flight have `drainMs` to finish, and the rest continues at the next start. */
    signal?: AbortSignal;
  }>;

export type Generated = Readonly<{
  /** The approved examples, in the order of the questions. */
  examples: readonly Example[];
  /** The questions that were not approved after the last revision, with the reviewer's scores and reasons. */
  rejected: readonly Example[];
  /** The questions that ended in a failure. */
  errors: readonly PipelineError[];
  summary: RunSummary;
  progress: PipelineProgress;
}>;

const PROGRESS_MS = 200;

/**
 * Turns questions into reviewed training examples, and resolves when every question has ended. A question that fails does not
 * stop the others. Results are stored under `data`: asking the same questions again makes no call for finished work.
 * Rejects with a Failure whose message says what to do (a wrong key, a data directory in use, a bad setting), or with `not_ended`
 * if a server stays away so long after a stop that it is not waited for. All examples are held in memory; for an
 * endless stream use `createPipeline`.
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
