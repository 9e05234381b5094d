import type { ChatModel, ChatReply, ChatRequest } from '../../../src/stages/agent/chat-model.ts';
import { Failure } from '../../../src/streams/failure.ts';

export function chatReply(overrides: Partial<ChatReply> = {}): ChatReply {
  const usage = { input: 100, output: 20, cached: 5, reasoning: 3 };
  const said = { text: '{}', reasoning: '', finishReason: 'stop', refusal: null };
  return { ...said, model: 'fake-2026', usage, costUsd: 1, ...overrides };
}

/** A model that answers by a script, one line a request; the last line goes on for ever. */
export class FakeModel implements ChatModel {
  readonly address = 'fake';
  readonly simulated = true;
  readonly requests: ChatRequest[] = [];
  readonly #script: readonly (Failure | Partial<ChatReply>)[];

  constructor(...script: readonly (Failure | Partial<ChatReply>)[]) {
    this.#script = script;
  }

  async complete(request: ChatRequest): Promise<ChatReply> {
    this.requests.push(request);
    const line = this.#script[Math.min(this.requests.length, this.#script.length) - 1];
    if (line instanceof Failure) throw line;
    return chatReply(line);
  }

  /** Everything that the last request said. */
  get lastText(): string {
    return (
      this.requests
        .at(-1)
        ?.messages.map(({ content }) => content)
        .join('\n') ?? ''
    );
  }
}
