import type { LetterStats } from '../../../../src/features/redrive/http/schemas.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';

type Chosen = Readonly<{ stage: string | undefined; kind: string | undefined; code: string | undefined }>;

/** One chip per class of failure; the chosen one filters the list. */
export function LetterGroups({ chosen, version }: Readonly<{ chosen: Chosen; version: number }>) {
  const loaded = useLoaded<LetterStats>('/v1/dead-letters/stats', version);
  if (loaded.kind === 'failed') return <ProblemNotice error={loaded.error} />;
  if (loaded.kind === 'loading') return null;
  if (loaded.value.groups.length === 0)
    return <p>No open dead letter: every question goes on or has ended.</p>;
  return (
    <nav class="groups" aria-label="Classes of failure">
      <a class="chip" href={hrefOf(['dead-letters'])} aria-current={chosen.code === undefined}>
        all
      </a>
      {loaded.value.groups.map(({ stage, kind, code, count }) => (
        <a
          key={`${stage} ${kind} ${code}`}
          class="chip"
          href={hrefOf(['dead-letters'], { stage, kind, code })}
          aria-current={chosen.stage === stage && chosen.kind === kind && chosen.code === code}
        >
          {stage}: {kind}/{code} <b>{amount(count)}</b>
        </a>
      ))}
    </nav>
  );
}
