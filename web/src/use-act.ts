import { useState } from 'preact/hooks';
import { asError } from './as-error.ts';

export type Acting = Readonly<{
  /** Whether something is under way just now. */
  busy: boolean;
  /** Why the last act failed. */
  problem: Error | undefined;
  act(work: () => Promise<void>): Promise<void>;
}>;

/** What a reader has done by a press of a button: whether it is under way, and what went wrong. */
export function useAct(): Acting {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const act = async (work: () => Promise<void>) => {
    setProblem(undefined);
    setBusy(true);
    try {
      await work();
    } catch (error) {
      setProblem(asError(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, act };
}
