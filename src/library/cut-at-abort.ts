import type { ChatModel } from '../stages/agent/chat-model.ts';
import { orAborted } from '../streams/stop.ts';

/** The model, whose calls end with the signal whether it heeds it or not: a call that nothing cuts holds up every end. */
export function cutAtAbort(model: ChatModel): ChatModel {
  return {
    address: model.address,
    addressOf: (stage) => model.addressOf?.(stage) ?? model.address,
    simulated: model.simulated,
    longestAnswer: (name) => model.longestAnswer?.(name),
    complete: (request, signal) => orAborted((async () => model.complete(request, signal))(), signal),
  } satisfies Required<ChatModel>;
}
