import type { Dispatcher } from 'undici';
import { TextHandler } from '../../../src/infra/models/openai/transport/text-handler.ts';

/** Has this process tell of each reply in the very turn of the event loop in which it has read its last byte, after those who asked. */
export function hearReplies(hear: (body: string) => void): void {
  const { onResponseData, onResponseEnd } = TextHandler.prototype;
  const read = new WeakMap<TextHandler, Buffer[]>();

  TextHandler.prototype.onResponseData = function (controller: Dispatcher.DispatchController, chunk: Buffer) {
    read.set(this, [...(read.get(this) ?? []), chunk]);
    onResponseData.call(this, controller, chunk);
  };

  TextHandler.prototype.onResponseEnd = function () {
    onResponseEnd.call(this);
    hear(Buffer.concat(read.get(this) ?? []).toString());
  };
}
