import type { Dispatcher } from 'undici';
import { TextResponse } from './text-response.ts';
import { unpacked } from './unpack.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Collects one answer of undici as a text. The signal cuts the exchange wherever it stands. */
export class TextHandler implements Dispatcher.DispatchHandler {
  readonly #url: string;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: Headers = {};
  #abort: (() => void) | undefined;

  constructor(
    url: string,
    signal: AbortSignal | undefined,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.#url = url;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const signal = this.#signal;
    if (signal === undefined) return;
    const abort = () => controller.abort(asError(signal.reason));
    if (signal.aborted) {
      abort();
      return;
    }
    this.#abort = abort;
    signal.addEventListener('abort', abort);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    const [first] = this.#chunks;
    const body = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const codings = this.#headers['content-encoding'];
    if (codings === undefined) this.#resolve(this.#response(body));
    else unpacked(body, String(codings)).then((plain) => this.#resolve(this.#response(plain)), this.#reject);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #response(body: Buffer): Response {
    const about = { url: this.#url, status: this.#status, headers: this.#headers };
    return new TextResponse(body.toString(), about);
  }

  #end(): void {
    if (this.#abort !== undefined) this.#signal?.removeEventListener('abort', this.#abort);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('The call was given up.', 'AbortError');
}
