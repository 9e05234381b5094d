import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { TextHandler } from '../../../../../src/infra/models/openai/transport/text-handler.ts';

const controller = { abort: () => undefined } as unknown as Dispatcher.DispatchController;

function handling(status: number) {
  const order: string[] = [];
  const onBody = (pieces: readonly Uint8Array[]) => void order.push(`body ${Buffer.concat(pieces)}`);
  const asked = { signal: new AbortController().signal, timeoutMs: 60_000, onBody };
  const handler = new TextHandler(
    asked,
    () => void order.push('resolved'),
    () => void order.push('rejected'),
  );
  handler.onResponseStart(controller, status, {});
  for (const piece of ['half ', 'whole']) handler.onResponseData(controller, Buffer.from(piece));
  return { handler, order };
}

describe('an answer of which the last byte is read', () => {
  it('is told of in that very turn, before its request resolves', () => {
    const { handler, order } = handling(200);
    expect(order).toEqual([]);
    handler.onResponseEnd();
    expect(order).toEqual(['body half whole', 'resolved']);
  });

  it('is not told of where it is an error, or breaks off', () => {
    const refused = handling(429);
    refused.handler.onResponseEnd();
    expect(refused.order).toEqual(['resolved']);
    const cut = handling(200);
    cut.handler.onResponseError(controller, new Error('cut'));
    expect(cut.order).toEqual(['rejected']);
  });
});
