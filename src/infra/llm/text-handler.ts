import type { Dispatcher } from 'undici';
import { type HeaderRecord, headerReader, type TextReply } from './text-reply.ts';
import { unpacked } from './unpack.ts';

/** Collects one answer of undici as a text. The signal cuts the exchange wherever it stands. */
export class TextHandler implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #resolve: (reply: TextReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: HeaderRecord = {};
  #abort: (() => void) | undefined;

  constructor(signal: AbortSignal, resolve: (reply: TextReply) => void, reject: (error: unknown) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const signal = this.#signal;
    const abort = () => controller.abort(asError(signal.reason));
    if (signal.aborted) {
      abort();
      return;
    }
    this.#abort = abort;
    signal.addEventListener('abort', abort);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
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
    if (codings === undefined) this.#resolve(this.#reply(body));
    else unpacked(body, String(codings)).then((plain) => this.#resolve(this.#reply(plain)), this.#reject);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #reply(body: Buffer): TextReply {
    return { status: this.#status, headers: headerReader(this.#headers), text: body.toString() };
  }

  #end(): void {
    if (this.#abort !== undefined) this.#signal.removeEventListener('abort', this.#abort);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('The call was given up.', 'AbortError');
}
