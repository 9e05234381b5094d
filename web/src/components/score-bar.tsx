/** A score from 1 to 10 as a bar, and always in figures as well. */
export function ScoreBar({ label, score }: Readonly<{ label: string; score: number }>) {
  return (
    <div class="score-bar">
      <span>{label}</span>
      <meter
        min={0}
        max={10}
        low={5}
        high={7}
        optimum={10}
        value={score}
        aria-label={`${label}: ${score} of 10`}
      />
      <b>{score}</b>
    </div>
  );
}
