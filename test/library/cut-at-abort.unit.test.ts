import { describe, expect, it } from 'vitest';
import { cutAtAbort } from '../../src/library/cut-at-abort.ts';
import type { ChatModel, ChatReply, ChatRequest } from '../../src/stages/agent/chat-model.ts';
import { NO_USAGE } from '../../src/streams/failure.ts';
import { failureOf } from '../support/failure-of.ts';

const request: ChatRequest = {
  stage: 'research',
  messages: [],
  answer: { name: 'answer', schema: {} },
  settings: { model: 'm' },
};
const reply: ChatReply = {
  text: '{}',
  reasoning: '',
  finishReason: 'stop',
  refusal: null,
  model: 'm',
  usage: NO_USAGE,
  costUsd: 0,
};

/** A model with a private part, as a class of somebody's may have. */
class Deaf implements ChatModel {
  readonly #limit = 7;
  readonly address = 'deaf';
  readonly simulated = false;
  answer: Promise<ChatReply> = new Promise(() => undefined);
  addressOf(stage: string): string {
    return `${this.address}/${stage}`;
  }
  longestAnswer(): number {
    return this.#limit;
  }
  complete(): Promise<ChatReply> {
    return this.answer;
  }
}

describe('a model whose calls are cut', () => {
  it('ends a call with the signal, though the model does not', async () => {
    const controller = new AbortController();
    const call = cutAtAbort(new Deaf()).complete(request, controller.signal);
    controller.abort();
    expect(await failureOf(() => call)).toMatchObject({ code: 'aborted' });
    const late = () => cutAtAbort(new Deaf()).complete(request, controller.signal);
    expect(await failureOf(late)).toMatchObject({ code: 'aborted' });
  });

  it('is the same model otherwise', async () => {
    const deaf = new Deaf();
    const cut = cutAtAbort(deaf);
    expect([cut.address, cut.simulated]).toEqual(['deaf', false]);
    expect([cut.addressOf?.('review'), cut.longestAnswer?.('m')]).toEqual(['deaf/review', 7]);
    deaf.answer = Promise.resolve(reply);
    expect(await cut.complete(request, new AbortController().signal)).toBe(reply);
    deaf.answer = Promise.reject(new Error('broken'));
    await expect(cut.complete(request, new AbortController().signal)).rejects.toThrow('broken');
  });

  it('lives where it says where it has no address by stage', () => {
    const { address, simulated } = new Deaf();
    const cut = cutAtAbort({ address, simulated, complete: async () => reply });
    expect([cut.addressOf?.('review'), cut.longestAnswer?.('m')]).toEqual(['deaf', undefined]);
  });
});
