import { plural, printable } from '../../infra/terminal/format.ts';
import type { Failure } from '../../streams/failure.ts';

const PROGRESS_MS = 5_000;
const SAME_WARNING_MS = 30_000;

/** Says on standard error how many questions are accepted, and what keeps them from being so. */
export class IngestProgress {
  readonly #timer: NodeJS.Timeout | undefined;
  #accepted = 0;
  #said = 0;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(quiet: boolean) {
    this.#timer = quiet ? undefined : setInterval(() => this.#say(), PROGRESS_MS);
  }

  onAccepted(count: number): void {
    this.#accepted = count;
  }

  onWait({ message }: Failure): void {
    if (performance.now() - this.#warnedAtMs < SAME_WARNING_MS) return;
    this.#warnedAtMs = performance.now();
    process.stderr.write(`waiting: ${printable(message, 300)} What was read is kept until then.\n`);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #say(): void {
    if (this.#accepted === this.#said) return;
    this.#said = this.#accepted;
    process.stderr.write(`${plural(this.#accepted, 'question')} accepted so far\n`);
  }
}
