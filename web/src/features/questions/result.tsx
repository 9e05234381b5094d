import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'preact/hooks';
import { GroundedResearch, isLookedUp } from '../../components/grounded-research.tsx';
import { Prose } from '../../components/prose.tsx';
import { JudgementScores } from './judgement.tsx';
import { resultText } from './result-text.ts';

type DiffProps = Readonly<{ before: string; after: string }>;

type ResultProps = Readonly<{ stage: string; result: unknown; before: unknown }>;

/** What a stage made, as text; a revision as its difference to the one before. */
export function ResultView({ stage, result, before }: ResultProps) {
  if (result === null || result === undefined) return <p class="faint">No result.</p>;
  if (stage === 'review') return <JudgementScores result={result} />;
  if (isLookedUp(result)) return <GroundedResearch research={result} />;
  if (before !== undefined) return <Diff before={resultText(before)} after={resultText(result)} />;
  return <Prose value={result} />;
}

/** What a revision changed, word by word. */
function Diff({ before, after }: DiffProps) {
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after]);
  return (
    <pre class="prose diff">
      {parts.map(({ value, added, removed }, index) => {
        if (added) return <ins key={index}>{value}</ins>;
        if (removed) return <del key={index}>{value}</del>;
        return <span key={index}>{value}</span>;
      })}
    </pre>
  );
}
