import { ignoreBrokenPipes } from '../../../infra/terminal/broken-pipe.ts';
import { EXIT } from '../../../infra/terminal/exit-code.ts';
import type { StopController } from './stop-controller.ts';

/**
 * The first Ctrl-C or SIGTERM drains: calls in flight finish and are stored. The second one ends the process at once;
 * what is stored stays, and the calls in flight are lost. A terminal that is closed (SIGHUP) drains, however often it says so.
 * Nobody need read the output from here on.
 */
export function drainOnSignals(
  stop: Pick<StopController, 'drain'> & Partial<Pick<StopController, 'abort'>>,
  note: (text: string) => void,
  said = 'Stopping: calls in flight finish first, and what they bring is stored. Ctrl-C again stops at once. The same command goes on later.',
): Readonly<{ off(): void }> {
  let asked = false;
  const onSignal = () => {
    if (asked) {
      // Whatever is paid for and not stored stands in the journal by this, before it returns.
      stop.abort?.();
      process.exit(EXIT.interrupted);
    }
    asked = true;
    note(said);
    stop.drain();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const onHangUp = () => {
    if (!asked) onSignal();
  };
  process.on('SIGHUP', onHangUp);
  ignoreBrokenPipes();
  return {
    off: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onHangUp);
    },
  };
}
