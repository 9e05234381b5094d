import type { ChatModel } from '../stages/agent/chat-model.ts';
import { stopping } from '../streams/stop.ts';

/** The model, whose calls end with the signal whether it heeds it or not: a call that nothing cuts holds up every end. */
export function cutAtAbort(model: ChatModel): ChatModel {
  return {
    address: model.address,
    addressOf: (stage) => model.addressOf?.(stage) ?? model.address,
    simulated: model.simulated,
    longestAnswer: (name) => model.longestAnswer?.(name),
    complete: (request, signal) => {
      const { promise: cut, reject } = Promise.withResolvers<never>();
      const onAbort = () => reject(stopping());
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const call = async () => model.complete(request, signal);
      return Promise.race([call(), cut]).finally(() => signal.removeEventListener('abort', onAbort));
    },
  } satisfies Required<ChatModel>;
}
