import type { ShadowReview } from '../../../../src/stages/judges/shadow-review.ts';
import { Badge } from '../../components/badge.tsx';
import { ScoreBar } from '../../components/score-bar.tsx';

/** What a shadow judge says of the candidate that the live one judged. */
export function ShadowReviewView({ name, score, verdict, feedback }: ShadowReview) {
  return (
    <div class="shadow">
      <header>
        <h3>Shadow judge {name}</h3>
        <Badge status={verdict} />
      </header>
      <ScoreBar label="lowest score" score={score} />
      {feedback !== '' && <p class="prose">{feedback}</p>}
    </div>
  );
}
