import { GroundedResearch, isLookedUp } from '../../components/grounded-research.tsx';
import { Prose } from '../../components/prose.tsx';
import { Diff } from './diff.tsx';
import { JudgementScores } from './judgement.tsx';
import { resultText } from './result-text.ts';

type ResultProps = Readonly<{ stage: string; result: unknown; before: unknown }>;

/** What a stage made, as text; a revision as its difference to the one before. */
export function ResultView({ stage, result, before }: ResultProps) {
  if (result === null || result === undefined) return <p class="faint">No result.</p>;
  if (stage === 'review') return <JudgementScores result={result} />;
  if (isLookedUp(result)) return <GroundedResearch research={result} />;
  if (before !== undefined) return <Diff before={resultText(before)} after={resultText(result)} />;
  return <Prose value={result} />;
}
