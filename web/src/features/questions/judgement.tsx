import { Badge } from '../../components/badge.tsx';
import { ScoreBar } from '../../components/score-bar.tsx';

type Review = Readonly<{
  verdict: string;
  score: number;
  feedback: string;
  scores: Readonly<Record<string, Readonly<{ score: number; reason: string }>>>;
}>;

/** The judge's scores, one bar per criterion, with the reason. */
export function JudgementScores({ result }: Readonly<{ result: unknown }>) {
  if (!isReview(result)) return <pre>{JSON.stringify(result, null, 2)}</pre>;
  return (
    <div class="judgement">
      <p>
        <Badge status={result.verdict} /> lowest score <b>{result.score}</b>
      </p>
      <ul>
        {Object.entries(result.scores).map(([criterion, { score, reason }]) => (
          <li key={criterion}>
            <ScoreBar label={criterion} score={score} />
            {reason !== '' && <p>{reason}</p>}
          </li>
        ))}
      </ul>
      {result.feedback !== '' && (
        <>
          <h4>Feedback</h4>
          <p class="prose">{result.feedback}</p>
        </>
      )}
    </div>
  );
}

function isReview(value: unknown): value is Review {
  return (
    typeof value === 'object' && value !== null && 'scores' in value && 'verdict' in value && 'score' in value
  );
}
