import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import { environmentVariable } from '../../../infra/config/environment-variable.ts';
import { fitted } from '../../../infra/terminal/fitted.ts';
import type { ExportProgress } from '../../dataset/export-progress.ts';
import type { RunProgress } from '../progress/run-progress.ts';
import type { Display } from './display.ts';
import { clip, renderFrame, writingText } from './frame.ts';

const DEFAULT_COLUMNS = 80;

/** Redraws the run in place, on a terminal. */
export class LiveDisplay implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  // Colours are for the stream we draw on, whatever standard output is (https://no-color.org).
  readonly #colors = picocolors.createColors(environmentVariable('NO_COLOR') === undefined);
  #picture: string | undefined;
  /** Whether the picture says nothing once it is done. */
  #passing = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
  }

  isDue(): boolean {
    return true;
  }

  show(progress: RunProgress): void {
    this.#passing = false;
    this.#draw(renderFrame(progress, this.#colors, this.#columns()));
  }

  writing(progress: ExportProgress): void {
    this.#passing = true;
    this.#draw(clip(writingText(progress), this.#columns()));
  }

  note(text: string): void {
    this.#update.clear();
    this.#stream.write(`${fitted(text, this.#stream)}\n`);
    if (this.#picture !== undefined) this.#draw(this.#picture);
  }

  end(): void {
    this.#picture = undefined;
    if (this.#passing) this.#update.clear();
    this.#passing = false;
    this.#update.done();
  }

  #draw(picture: string): void {
    this.#picture = picture;
    this.#update(picture);
  }

  #columns(): number {
    return this.#stream.columns ?? DEFAULT_COLUMNS;
  }
}
