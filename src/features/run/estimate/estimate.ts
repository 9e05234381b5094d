import { questionIdOf } from '../../../stages/question.ts';
import { fieldsNamedIn } from '../../../stages/question-parts/named-fields.ts';
import { callOf } from '../../../stages/research/turn.ts';
import { agentStages, byAgent } from '../../../stages/stage-names.ts';
import type { History, Store } from '../../../stages/store/store.ts';
import { costOf } from '../../../streams/work/attempts.ts';
import { stepsOfWorks, withCalls } from '../../questions/steps/steps-of.ts';
import { withFields } from '../../questions/with-fields.ts';
import { type RunSummary, runQuestions } from '../run.ts';
import type { Session } from '../session/session.ts';
import { type Concurrency, type Forecast, figuresOf, forecastOf, type QuestionFigures } from './forecast.ts';
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
  const summary = await runQuestions(session, { ...options, asked: questions });
  const figures = [];
  for (const id of new Set(questions.map(({ question }) => questionIdOf(question)))) {
    const histories = await session.engine.store.reports.histories(id);
    const own = histories.find(({ lane }) => lane === session.lane.name);
    const found = own === undefined ? undefined : await figuresOfStored(session.engine.store, own);
    if (found !== undefined) figures.push(found);
  }
  const concurrency = byAgent(session.pipeline.batchSizeOf);
  return { forecast: forecastOf(figures, sample.population, concurrency), concurrency, summary };
}

/**
 * The same as `figuresOf`, with what stands in steps alone: a work that died has no result to tell what its steps cost, and the tokens
 * of a query's vector are of no call.
 */
export async function figuresOfStored(store: Store, history: History): Promise<QuestionFigures | undefined> {
  const steps = await stepsOfWorks(store, history);
  const works = withCalls(history.works, steps).map((work, index) => {
    if (work.state === 'done') return work;
    const attempts = history.works[index]?.attempts ?? [];
    return { ...work, costUsd: costOf([...attempts, ...(steps[index] ?? [])]) };
  });
  const figures = figuresOf({ ...history, works });
  const lookUps = steps.flat().filter((step) => callOf(step) === undefined);
  const tokens = lookUps.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
  return figures && { ...figures, tokens: figures.tokens + tokens };
}

/** `research=10, generation=10, review=10`. */
export function concurrencyText(concurrency: Concurrency): string {
  return agentStages()
    .map((stage) => `${stage}=${concurrency[stage]}`)
    .join(', ');
}
