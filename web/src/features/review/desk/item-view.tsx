import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ReviewItem } from '../../../../../src/features/review/http/schemas.ts';
import { GroundedResearch, isLookedUp } from '../../../components/grounded-research.tsx';
import { Prose } from '../../../components/prose.tsx';
import { UserReferenceLines } from '../../../components/user-references.tsx';
import { visible } from '../../../components/visible.ts';
import { dotted } from '../../../format.ts';
import { hrefOf } from '../../../router.ts';
import { JudgementScores } from '../../questions/judgement.tsx';
import { ShadowReviewView } from '../../questions/shadow-review.tsx';
import { WHY_WORDS, whyOf } from '../why.ts';

type ItemViewProps = Readonly<{ item: ReviewItem; settled: boolean; children: ComponentChildren }>;

/**
 * All that a decision needs, side by side. The heading takes the focus once no form has it (`settled`), so that the
 * question is read out.
 */
export function ItemView({ item, settled, children }: ItemViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { lane, questionId, revision, question } = item;
  useEffect(() => scrollTo({ top: 0 }), [lane, questionId, revision]);
  useEffect(() => {
    if (settled) heading.current?.focus({ preventScroll: true });
  }, [lane, questionId, revision, settled]);
  return (
    <article class="item">
      <header>
        <p class="faint">{dotted(question.topic, question.subTopic)}</p>
        <h2 ref={heading} tabIndex={-1}>
          {question.text}
        </h2>
      </header>
      <div class="columns">
        <QuestionColumn item={item} />
        {children}
        <JudgesColumn item={item} />
      </div>
    </article>
  );
}

/** The judge's scores with their reasons, and the shadow judge's word where there is one. */
function JudgesColumn({ item: { review, model, shadow } }: Readonly<{ item: ReviewItem }>) {
  return (
    <section class="column" aria-label="Judge">
      <header>
        <h3>Judge</h3>
        <small>{model}</small>
      </header>
      <JudgementScores result={review} />
      {shadow !== undefined && <ShadowReviewView {...shadow} />}
    </section>
  );
}

/** What was asked, why it waits for a person, and what the answer should rest on. */
function QuestionColumn({ item }: Readonly<{ item: ReviewItem }>) {
  const { question, research, why, lane, questionId, revision } = item;
  return (
    <section class="column" aria-label="Question and research">
      <p class="badges">
        <span class={`badge why ${why}`}>{WHY_WORDS[why].short}</span>
        {revision > 0 && <span class="badge">revision {revision}</span>}
      </p>
      <p class="faint">{whyOf(item)}</p>
      <UserReferenceLines known={item.askedAs ?? []} />
      {question.context !== '' && (
        <details>
          <summary>Source text</summary>
          <pre>{visible(question.context)}</pre>
        </details>
      )}
      <h3>Research</h3>
      {isLookedUp(research) ? <GroundedResearch research={research} /> : <Prose value={research} />}
      <p>
        <a href={hrefOf(['questions', questionId], { lane })}>The whole story</a>
      </p>
    </section>
  );
}
