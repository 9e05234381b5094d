import type { ExportProgress } from '../../dataset/export-progress.ts';
import type { RunProgress } from '../progress/run-progress.ts';

/** Shows a run to a person or a program. */
export interface Display {
  /** Whether a picture of the run would be seen now: taking one has its price. */
  isDue(): boolean;
  /** A picture of the run, a few times a second where it is due, and one at the end. */
  show(progress: RunProgress): void;
  /** A picture of the dataset on its way into its file, a few times a second. */
  writing(progress: ExportProgress): void;
  /** Something a person should know, once. */
  note(text: string): void;
  /** No more pictures will come. */
  end(): void;
}

/** For `--quiet`: only what is wrong. */
export const silentDisplay: Display = {
  isDue: () => false,
  show: () => undefined,
  writing: () => undefined,
  note: () => undefined,
  end: () => undefined,
};
