import type { ShadowReports } from '../../../../src/features/judges/http/schemas.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { useRefreshed } from '../../use-refreshed.ts';
import { useTicks } from '../../use-ticks.ts';
import { JudgePicker } from './judge-picker.tsx';
import { JudgeView } from './judge-view.tsx';
import { NoJudges } from './no-judges.tsx';

const EVERY_MS = 10_000;

/** Judges that work beside the live one: how far they agree, and at what price. */
export function JudgesView({ name }: Readonly<{ name: string | undefined }>) {
  const version = useTicks(EVERY_MS);
  const { value, problem } = useRefreshed<ShadowReports>('/v1/shadows', version);
  if (value === undefined)
    return problem === undefined ? <p class="faint">Loading…</p> : <ProblemNotice error={problem} />;
  const { shadows } = value;
  const chosen = name ?? shadows[0]?.name;
  return (
    <>
      <header class="judges-head">
        <h1>Shadow judges</h1>
        <p class="faint">They judge the same candidates as the live judge, and change no outcome.</p>
      </header>
      {problem !== undefined && <ProblemNotice error={problem} />}
      {shadows.length > 1 && <JudgePicker shadows={shadows} chosen={chosen} />}
      {chosen === undefined ? <NoJudges /> : <JudgeView key={chosen} name={chosen} version={version} />}
    </>
  );
}
