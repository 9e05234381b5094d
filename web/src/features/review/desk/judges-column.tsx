import type { DeskItem } from '../../../../../src/features/review/http/schemas.ts';
import { JudgementScores } from '../../questions/judgement.tsx';
import { ShadowOpinion } from '../../questions/shadow-opinion.tsx';

/** The judge's scores with their reasons, and the shadow judge's word where there is one. */
export function JudgesColumn({ item: { review, model, shadow } }: Readonly<{ item: DeskItem }>) {
  return (
    <section class="column" aria-label="Judge">
      <header>
        <h3>Judge</h3>
        <small>{model}</small>
      </header>
      <JudgementScores result={review} />
      {shadow !== undefined && <ShadowOpinion {...shadow} />}
    </section>
  );
}
