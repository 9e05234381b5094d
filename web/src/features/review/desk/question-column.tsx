import type { DeskItem } from '../../../../../src/features/review/http/schemas.ts';
import { AskedAsLines } from '../../../components/asked-as.tsx';
import { GroundedResearch, isLookedUp } from '../../../components/grounded-research.tsx';
import { Prose } from '../../../components/prose.tsx';
import { visible } from '../../../components/visible.ts';
import { hrefOf } from '../../../router.ts';
import { WHY_WORDS, whyOf } from '../why.ts';

/** What was asked, why it waits for a person, and what the answer should rest on. */
export function QuestionColumn({ item }: Readonly<{ item: DeskItem }>) {
  const { question, research, why, lane, questionId, revision } = item;
  return (
    <section class="column" aria-label="Question and research">
      <p class="badges">
        <span class={`badge why ${why}`}>{WHY_WORDS[why].short}</span>
        {revision > 0 && <span class="badge">revision {revision}</span>}
      </p>
      <p class="faint">{whyOf(item)}</p>
      <AskedAsLines known={item.askedAs ?? []} />
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
