import type { ShadowReportBody, ShadowReports } from '../../../../src/features/judges/http/schemas.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { dotted, percent } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useRefreshed } from '../../use-refreshed.ts';
import { useTicks } from '../../use-ticks.ts';
import { JudgeView } from './judge-view.tsx';
import { kappaSentence, lagWords, modelName, ratioWords } from './judge-words.ts';

const EVERY_MS = 10_000;

type JudgePickerProps = Readonly<{ shadows: readonly ShadowReportBody[]; chosen: string | undefined }>;

/** Judges that work beside the live one: how far they agree, and at what price. */
export function JudgesView({ name }: Readonly<{ name: string | undefined }>) {
  const version = useTicks(EVERY_MS);
  const { value, problem } = useRefreshed<ShadowReports>('/v1/shadows', version);
  if (value === undefined) return <Unloaded problem={problem} />;
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

/** How to start the first one. */
function NoJudges() {
  return (
    <section class="card no-judges">
      <h2>No shadow judge has been at work here</h2>
      <p>
        Before you switch to another judge, let it work beside the live one: another model, prompt or
        threshold, on the same candidates. This page then shows how far both agree, where they differ, and
        what each costs.
      </p>
      <pre>
        <code>millrace run questions.jsonl --shadow strict=gpt-4o</code>
      </pre>
      <p class="faint">
        The name is yours; after the sign stands the model. The run, its outcomes and its dataset stay as they
        are.
      </p>
    </section>
  );
}

/** All of them side by side; the chosen one is shown whole below. */
function JudgePicker({ shadows, chosen }: JudgePickerProps) {
  return (
    <nav class="judge-picker" aria-label="All shadow judges">
      {shadows.map((shadow) => (
        <a
          key={shadow.name}
          class="card"
          href={hrefOf(['judges', shadow.name])}
          aria-current={shadow.name === chosen ? 'true' : undefined}
        >
          <b>{shadow.name}</b>
          <small>{modelName(shadow.cost.shadow)}</small>
          <span class="figure">{shadow.agreement === null ? '–' : percent(shadow.agreement)}</span>
          <small>{dotted(kappaSentence(shadow), ratioWords(shadow.cost), lagWords(shadow.lag))}</small>
        </a>
      ))}
    </nav>
  );
}
