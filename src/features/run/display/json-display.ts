import { printableJson } from '../../../infra/terminal/format.ts';
import type { ExportProgress } from '../../dataset/export-progress.ts';
import type { RunProgress } from '../progress/run-progress.ts';
import type { Display } from './display.ts';

const EVERY_MS = 1_000;

/** One JSON object a line: `{"type":"progress",…}` and then `{"type":"writing",…}` every second, `{"type":"note",…}` as they come. */
export class JsonDisplay implements Display {
  readonly #write: (text: string) => void;
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #unshown: RunProgress | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  show(progress: RunProgress): void {
    this.#unshown = progress;
    if (this.#isTime()) this.#print(progress);
  }

  writing(progress: ExportProgress): void {
    if (this.#isTime()) this.#line('writing', progress);
  }

  isDue(): boolean {
    return performance.now() - this.#shownAtMs >= EVERY_MS;
  }

  #isTime(): boolean {
    const due = this.isDue();
    if (due) this.#shownAtMs = performance.now();
    return due;
  }

  #print(progress: RunProgress): void {
    this.#unshown = undefined;
    const outages = progress.outages.map(({ endpoint, state }) => ({ endpoint, state: state.kind }));
    this.#line('progress', { ...progress, spent: plainSpending(progress.spent), outages });
  }

  note(text: string): void {
    this.#line('note', { text });
  }

  end(): void {
    if (this.#unshown !== undefined) this.#print(this.#unshown);
  }

  #line(type: string, facts: object): void {
    this.#write(`${printableJson({ type, ...facts })}\n`);
  }
}

/** The totals alone: what each stage did stands in `stages` already. */
export function plainSpending({ stages: _, deaths: __, ...totals }: RunProgress['spent']): object {
  return totals;
}
