import type { DeskItem } from '../../../../src/infra/http/review/schemas.ts';
import { Badge } from '../../components/badge.tsx';
import { ScoreBar } from '../../components/score-bar.tsx';
import { Judgement } from '../questions/judgement.tsx';

/** The judge's scores with their reasons, and the shadow judge's word where there is one. */
export function JudgesColumn({ item: { review, model, shadow } }: Readonly<{ item: DeskItem }>) {
  return (
    <section class="column" aria-label="Judge">
      <header>
        <h3>Judge</h3>
        <small>{model}</small>
      </header>
      <Judgement result={review} />
      {shadow !== undefined && (
        <div class="shadow">
          <header>
            <h3>Shadow judge {shadow.name}</h3>
            <Badge status={shadow.verdict} />
          </header>
          <ScoreBar label="lowest score" score={shadow.score} />
          {shadow.feedback !== '' && <p>{shadow.feedback}</p>}
        </div>
      )}
    </section>
  );
}
