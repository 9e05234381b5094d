import type { Story, StoryWork } from '../../../../src/features/questions/http/story-schemas.ts';
import { amount, dotted, moment } from '../../format.ts';
import { Attempts } from './attempts.tsx';
import { ResultView } from './result.tsx';
import { ShadowReviewView } from './shadow-review.tsx';
import { priceWords } from './step-words.ts';
import { Steps } from './steps.tsx';

type StoryWorkCardProps = Readonly<{
  work: StoryWork;
  before: StoryWork | undefined;
  /** What shadow judges said of it. */
  shadows: NonNullable<Story['shadows']>;
}>;

/** One piece of paid work: what came of it, by which model and prompt, at what price. */
export function StoryWorkCard({ work, before, shadows }: StoryWorkCardProps) {
  const { stage, revision, state, model, recipe, usage, costUsd, attempts, updatedAt } = work;
  return (
    <section class={`card work ${stage}`}>
      <header>
        <h2>
          {stage}
          {revision > 0 && <small> revision {revision}</small>}
        </h2>
        <span class="faint">
          {dotted(
            state === 'done' ? '' : state,
            model,
            recipe === '' ? '' : `recipe ${recipe.slice(0, 8)}`,
            usage === null ? '' : `${amount(usage.input)} in, ${amount(usage.output)} out`,
            state === 'done' ? priceWords(costUsd) : '',
            moment(updatedAt),
          )}
        </span>
      </header>
      <ResultView stage={stage} result={work.result} before={before?.result} />
      {shadows.map(({ shadow, ...said }) => (
        <ShadowReviewView key={shadow} name={shadow} {...said} />
      ))}
      <Steps steps={work.steps} more={work.moreSteps} />
      <Attempts attempts={attempts} />
    </section>
  );
}
