import type { StoryStep } from '../../../../src/features/questions/http/story-step.ts';
import { visible } from '../../components/visible.ts';
import { WebLink } from '../../components/web-link.tsx';
import { amount, durationOfMs } from '../../format.ts';
import { cameWords, priceWords, sumWords } from './step-words.ts';

type StepsProps = Readonly<{ steps: readonly StoryStep[] | undefined; more: number | undefined }>;

/** Each turn and look-up of a work, with what was asked for, what came, and its price. */
export function Steps({ steps = [], more }: StepsProps) {
  if (steps.length === 0) return null;
  return (
    <details class="attempts steps" open>
      <summary>{sumWords(steps, more)}</summary>
      <ol>
        {steps.map((step) => (
          <li key={step.label}>
            <StepOf step={step} />
          </li>
        ))}
      </ol>
    </details>
  );
}

const GOOD: readonly string[] = ['ok', 'calls', 'answer', 'notes'];

/** What a turn asks for is told by its look-ups, each with its arguments. */
function StepOf({ step }: Readonly<{ step: StoryStep }>) {
  const { label, kind, outcome, calls, pieces, pieceCount, text, durationMs, usage, costUsd } = step;
  return (
    <>
      <p>
        <b>{visible(label)}</b>:{' '}
        <span class={GOOD.includes(outcome) ? '' : 'alarming'}>{visible(cameWords(step))}</span>
        <span class="faint">
          {` · ${durationOfMs(durationMs)}`}
          {kind === 'turn' && ` · ${amount(usage.input)} in, ${amount(usage.output)} out`}
          {` · ${priceWords(costUsd)}`}
        </span>
      </p>
      {kind !== 'turn' &&
        calls.map(({ tool, args }, index) => (
          <p key={index}>
            <code>{visible(`${tool} ${args}`)}</code>
          </p>
        ))}
      {pieces.length > 0 && <Pieces pieces={pieces} more={pieceCount - pieces.length} />}
      {text !== '' && (
        <details>
          <summary>what it said</summary>
          <pre>{visible(text)}</pre>
        </details>
      )}
    </>
  );
}

type PiecesProps = Readonly<{ pieces: StoryStep['pieces']; more: number }>;

function Pieces({ pieces, more }: PiecesProps) {
  return (
    <ul class="found" aria-label="Pieces">
      {pieces.map(({ id, place, url }) => (
        <li key={id}>
          {visible(id)} <WebLink url={url} text={place} />
        </li>
      ))}
      {more > 0 && <li class="faint">and {amount(more)} more</li>}
    </ul>
  );
}
