import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { DeskItem } from '../../../../../src/features/review/http/schemas.ts';
import { JudgesColumn } from './judges-column.tsx';
import { QuestionColumn } from './question-column.tsx';

type ItemViewProps = Readonly<{ item: DeskItem; settled: boolean; children: ComponentChildren }>;

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
