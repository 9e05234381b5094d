import type { Dispatcher } from 'undici';
import type { ChatRequest } from '../../../../stages/agent/chat-model.ts';
import { onAbort } from '../../../../streams/stop.ts';
import { type HeaderRecord, headerReader, isSuccess, type TextReply } from './text-reply.ts';
import { unpackedBody } from './unpack.ts';

/** An exchange took longer than it may. */
export class TimedOut extends Error {}

export type Limits = Readonly<{
  signal: AbortSignal;
  timeoutMs: number;
  /** Hears the body of an answer of success in the very turn in which its last byte is read, and before anybody else. */
  onBody?: ChatRequest['onBody'];
}>;

/** Collects one answer of undici as a text. The signal, or the end of its time, cuts the exchange wherever it stands. */
export class TextHandler implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #onBody: ChatRequest['onBody'];
  readonly #resolve: (reply: TextReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: HeaderRecord = {};
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => this.#cut(asError(this.#signal.reason));
  readonly #unheard: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #reason: Error | undefined;

  constructor(
    { signal, timeoutMs, onBody }: Limits,
    resolve: (reply: TextReply) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal;
    this.#onBody = onBody;
    this.#timer = setTimeout(
      () => this.#cut(new TimedOut(`No answer came within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    this.#unheard = onAbort(signal, this.#abort);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#abort();
    else if (this.#reason !== undefined) controller.abort(this.#reason);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const codings = this.#headers['content-encoding'];
    if (isSuccess(this.#status)) this.#onBody?.(this.#chunks, String(codings ?? ''));
    this.#end();
    const [first] = this.#chunks;
    const body = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    if (codings === undefined) this.#resolve(this.#reply(body));
    else unpackedBody(body, String(codings)).then((plain) => this.#resolve(this.#reply(plain)), this.#reject);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #reply(body: Buffer): TextReply {
    return { status: this.#status, headers: headerReader(this.#headers), text: body.toString() };
  }

  /** Before the request has begun, undici has nothing to cut: it is told when it begins. */
  #cut(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#unheard();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('The call was given up.', 'AbortError');
}
