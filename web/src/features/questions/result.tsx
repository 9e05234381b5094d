import { GroundedResearch, isLookedUp } from '../../components/grounded-research.tsx';
import { Prose } from '../../components/prose.tsx';
import { Diff } from './diff.tsx';
import { Judgement } from './judgement.tsx';
import { textOf } from './text-of.ts';

type ResultProps = Readonly<{ stage: string; result: unknown; before: unknown }>;

/** What a stage made, as text; a revision as its difference to the one before. */
export function Result({ stage, result, before }: ResultProps) {
  if (result === null || result === undefined) return <p class="faint">No result.</p>;
  if (stage === 'review') return <Judgement result={result} />;
  if (isLookedUp(result)) return <GroundedResearch research={result} />;
  if (before !== undefined) return <Diff before={textOf(before)} after={textOf(result)} />;
  return <Prose value={result} />;
}
