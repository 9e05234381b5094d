import { plural, printable } from '../../infra/terminal/format.ts';
import { note } from '../../infra/terminal/print.ts';
import type { Failure } from '../../streams/failure.ts';

const PROGRESS_MS = 5_000;
const SAME_WARNING_MS = 30_000;

/** Says on standard error how many questions are accepted, and what keeps them from being so. */
export function ingestProgress(quiet: boolean) {
  let accepted = 0;
  let told = 0;
  let warnedAtMs = Number.NEGATIVE_INFINITY;
  const tell = () => {
    if (accepted !== told) note(`${plural(accepted, 'question')} accepted so far`);
    told = accepted;
  };
  const timer = quiet ? undefined : setInterval(tell, PROGRESS_MS);
  return {
    onAccepted: (count: number) => {
      accepted = count;
    },
    onWait: ({ message }: Failure) => {
      if (performance.now() - warnedAtMs < SAME_WARNING_MS) return;
      warnedAtMs = performance.now();
      note(`waiting: ${printable(message, 300)} What was read is kept until then.`);
    },
    end: () => clearInterval(timer),
  };
}
