import type { ShadowReportBody } from '../../../../src/features/judges/http/schemas.ts';
import { percent } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { kappaSentence, lagWords, modelName, ratioWords } from './judge-words.ts';

type JudgePickerProps = Readonly<{ shadows: readonly ShadowReportBody[]; chosen: string | undefined }>;

/** All of them side by side; the chosen one is shown whole below. */
export function JudgePicker({ shadows, chosen }: JudgePickerProps) {
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
          <small>
            {[kappaSentence(shadow), ratioWords(shadow.cost), lagWords(shadow.lag)]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </a>
      ))}
    </nav>
  );
}
