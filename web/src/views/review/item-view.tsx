import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { DeskItem } from '../../../../src/infra/http/review/schemas.ts';
import { JudgesColumn } from './judges-column.tsx';
import { QuestionColumn } from './question-column.tsx';

type ItemViewProps = Readonly<{ item: DeskItem; children: ComponentChildren }>;

/** All that a decision needs, side by side. The heading takes the focus, so that it is read out, and the keys work. */
export function ItemView({ item, children }: ItemViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { lane, questionId, revision, question } = item;
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [lane, questionId, revision]);
  return (
    <article class="item">
      <header>
        <p class="faint">{[question.topic, question.subTopic].filter(Boolean).join(' · ')}</p>
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
