type Review = Readonly<{
  verdict: string;
  score: number;
  feedback: string;
  scores: Readonly<Record<string, Readonly<{ score: number; reason: string }>>>;
}>;

/** The judge's scores, one bar per criterion, with the reason. */
export function Judgement({ result }: Readonly<{ result: unknown }>) {
  if (!isReview(result)) return <pre>{JSON.stringify(result, null, 2)}</pre>;
  return (
    <div class="judgement">
      <p>
        <span class={`badge ${result.verdict}`}>{result.verdict}</span> lowest score {result.score}
      </p>
      <dl>
        {Object.entries(result.scores).map(([criterion, { score, reason }]) => (
          <div key={criterion}>
            <dt>{criterion}</dt>
            <dd>
              <meter
                min={0}
                max={10}
                low={5}
                high={7}
                optimum={10}
                value={score}
                aria-label={`${criterion}: ${score} of 10`}
              />
              <b>{score}</b>
              <span>{reason}</span>
            </dd>
          </div>
        ))}
      </dl>
      {result.feedback !== '' && <p>{result.feedback}</p>}
    </div>
  );
}

function isReview(value: unknown): value is Review {
  return (
    typeof value === 'object' && value !== null && 'scores' in value && 'verdict' in value && 'score' in value
  );
}
