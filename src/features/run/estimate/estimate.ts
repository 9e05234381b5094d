import { questionIdOf } from '../../../stages/question.ts';
import { fieldsNamedIn } from '../../../stages/question-parts/named-fields.ts';
import { agentStages, byAgent } from '../../../stages/stage-names.ts';
import { withFields } from '../../questions/with-fields.ts';
import { type RunSummary, runQuestions } from '../run.ts';
import type { Session } from '../session/session.ts';
import { type Concurrency, type Forecast, figuresOf, forecastOf } from './forecast.ts';
import type { Sample } from './sample.ts';

/** A forecast, and the run of the sample that it rests on. */
export type Estimate = Readonly<{
  forecast: Forecast;
  /** Calls at once, per agent, that the time is told for. */
  concurrency: Concurrency;
  summary: RunSummary;
}>;

/**
 * Works the sample as any other run would, and tells from it what all the questions will take. What was worked is kept:
 * the run of them all pays for it no second time. Rejects as `runQuestions` does.
 */
export async function estimateRun(
  session: Session,
  sample: Sample,
  options: Readonly<{ input: string; onStarted?: (run: string) => void }>,
): Promise<Estimate> {
  const names = fieldsNamedIn(session.lane.recipes);
  const questions = sample.questions.map((each) => withFields(each, names));
  const summary = await runQuestions(session, { ...options, asked: listed(questions) });
  const figures = [];
  for (const id of new Set(questions.map(({ question }) => questionIdOf(question)))) {
    const histories = await session.engine.store.reports.histories(id);
    const own = histories.find(({ lane }) => lane === session.lane.name);
    const found = own === undefined ? undefined : figuresOf(own);
    if (found !== undefined) figures.push(found);
  }
  const concurrency = byAgent(session.pipeline.batchSizeOf);
  return { forecast: forecastOf(figures, sample.population, concurrency), concurrency, summary };
}

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** `research=10, generation=10, review=10`. */
export function concurrencyText(concurrency: Concurrency): string {
  return agentStages()
    .map((stage) => `${stage}=${concurrency[stage]}`)
    .join(', ');
}
