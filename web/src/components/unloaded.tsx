import { ProblemNotice } from './problem.tsx';

/** In the place of what has not come: that it is on its way, or why it does not come. */
export function Unloaded({ problem }: Readonly<{ problem: Error | undefined }>) {
  return problem === undefined ? <p class="faint">Loading…</p> : <ProblemNotice error={problem} />;
}
