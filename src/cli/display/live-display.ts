import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import { environmentVariable } from '../../infra/config/environment.ts';
import type { RunProgress } from '../../runs/run-progress.ts';
import type { Display } from './display.ts';
import { renderFrame } from './frame.ts';

const DEFAULT_COLUMNS = 80;

/** Redraws the run in place, on a terminal. */
export class LiveDisplay implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  // Colours are for the stream we draw on, whatever standard output is (https://no-color.org).
  readonly #colors = picocolors.createColors(environmentVariable('NO_COLOR') === undefined);
  #last: RunProgress | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
  }

  show(progress: RunProgress): void {
    this.#last = progress;
    this.#update(renderFrame(progress, this.#colors, this.#stream.columns ?? DEFAULT_COLUMNS));
  }

  note(text: string): void {
    this.#update.clear();
    this.#stream.write(`${text}\n`);
    if (this.#last !== undefined) this.show(this.#last);
  }

  end(): void {
    this.#update.done();
  }
}
