import type { Story, StoryWork } from '../../../../src/features/questions/http/story-schemas.ts';
import { Badge } from '../../components/badge.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { UserReferenceLines } from '../../components/user-references.tsx';
import { dotted } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';
import { priceOfWorks } from './step-words.ts';
import { StoryWorkCard } from './story-work-card.tsx';

type StoryViewProps = Readonly<{ id: string; lane: string }>;

/** One question's whole story: each stage, each attempt, each verdict. */
export function StoryView({ id, lane }: StoryViewProps) {
  const { value, problem } = useLoaded<Story>(
    `/v1/questions/${encodeURIComponent(id)}/story?lane=${encodeURIComponent(lane)}`,
  );
  return value === undefined ? <Unloaded problem={problem} /> : <StoryOf story={value} />;
}

function StoryOf({ story }: Readonly<{ story: Story }>) {
  const { question, works, deadLetters } = story;
  return (
    <article class="story">
      <header>
        <h1>{question.text}</h1>
        <p class="faint">
          <Badge status={story.status} /> {dotted(question.topic, question.subTopic, question.trainingType)} ·{' '}
          <code>{story.id}</code> · {priceOfWorks(works)}
        </p>
        <UserReferenceLines known={story.askedAs} />
        <Lanes story={story} />
      </header>
      {question.context !== '' && (
        <details class="card">
          <summary>Source text that the research rests on</summary>
          <pre>{question.context}</pre>
        </details>
      )}
      {works.map((work, index) => (
        <StoryWorkCard
          key={`${work.stage}/${work.revision}`}
          work={work}
          before={earlierOf(works, index)}
          shadows={shadowsOf(story, work)}
        />
      ))}
      {deadLetters.map(({ id, stage, kind, code, message }) => (
        <section key={id} class="card problem">
          <a href={hrefOf(['dead-letters', id])}>dead letter</a> of {stage}: {kind}/{code}: {message}
        </section>
      ))}
    </article>
  );
}

/** The same stage one revision earlier. */
function earlierOf(works: Story['works'], index: number): Story['works'][number] | undefined {
  const work = works[index];
  return works.find(({ stage, revision }) => stage === work?.stage && revision === (work?.revision ?? 0) - 1);
}

/** What shadow judges said of the candidate that this review judged. */
function shadowsOf({ shadows = [] }: Story, { stage, revision }: StoryWork) {
  return stage === 'review' ? shadows.filter((said) => said.revision === revision) : [];
}

function Lanes({ story: { id, lane, lanes } }: Readonly<{ story: Story }>) {
  if (lanes.length < 2) return null;
  return (
    <p>
      Lanes:{' '}
      {lanes.map((name) => (
        <a
          key={name}
          class="chip"
          href={hrefOf(['questions', id], { lane: name })}
          aria-current={name === lane}
        >
          {name}
        </a>
      ))}
    </p>
  );
}
