import { useEffect, useState } from 'preact/hooks';
import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { post } from '../../api.ts';
import { asError } from '../../as-error.ts';

type PauseButtonProps = Readonly<{ stage: StageFlow['stage']; paused: boolean }>;

/** Stops a stage from taking more, or lets it go on. The next snapshot says that it is so. */
export function PauseButton({ stage, paused }: PauseButtonProps) {
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => setSent(false), [paused]);
  const order = paused ? 'resume' : 'pause';
  const send = async () => {
    setSent(true);
    setProblem('');
    try {
      await post(`/v1/stages/${stage}/${order}`);
    } catch (error) {
      setSent(false);
      setProblem(asError(error).message);
    }
  };
  return (
    <>
      <button
        type="button"
        class="pause quiet"
        disabled={sent}
        onClick={send}
        aria-label={`${order} ${stage}`}
      >
        {paused ? '▶' : '❚❚'}
      </button>
      {problem !== '' && <p role="alert">{problem}</p>}
    </>
  );
}
