import type { StoryWork } from '../../../../src/features/questions/http/story-schemas.ts';
import { amount, durationOfMs, howMany, money } from '../../format.ts';

/** Every call to the model, with its raw reply. */
export function Attempts({ attempts }: Readonly<{ attempts: StoryWork['attempts'] }>) {
  if (attempts.length === 0) return null;
  const failed = attempts.filter(({ outcome }) => outcome !== 'ok').length;
  return (
    <details class="attempts" open={failed > 0}>
      <summary>
        {howMany(attempts.length, 'call')}
        {failed > 0 && `, ${failed} failed`}
      </summary>
      <ol>
        {attempts.map((attempt) => (
          <li key={attempt.number}>
            <p>
              <b class={attempt.outcome === 'ok' ? '' : 'alarming'}>
                {attempt.outcome}
                {attempt.outcome !== 'ok' && attempt.code !== '' && `/${attempt.code}`}
              </b>{' '}
              {attempt.message}
              <span class="faint">
                {` ${durationOfMs(attempt.durationMs)}${attempt.finishReason === '' ? '' : ` · ${attempt.finishReason}`} · ${amount(attempt.usage.input)} in, ${amount(attempt.usage.output)} out`}
                {attempt.costUsd !== null && ` · ${money(attempt.costUsd)}`}
              </span>
            </p>
            {attempt.reply !== '' && (
              <details>
                <summary>raw reply</summary>
                <pre>{attempt.reply}</pre>
              </details>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
