import type { Usage } from '../../streams/failure.ts';
import type { RateReading } from '../../streams/limits/rate/rate-reading.ts';
import type { ToolCall, ToolSpec } from '../tools/tool.ts';

/** What was said. `raw` is the message of an assistant as its server sent it: it goes back in the place of `content`. */
export type ChatMessage =
  | Readonly<{ role: 'system' | 'user' | 'assistant'; content: string; raw?: unknown }>
  /** What the call of a tool brought. */
  | Readonly<{ role: 'tool'; callId: string; content: string }>;

/** A JSON schema (draft 7) that the answer has to follow, under a name the server shows in its errors. */
export type AnswerSchema = Readonly<{ name: string; schema: Readonly<Record<string, unknown>> }>;

/** How a stage wants to talk to its model. Part of the recipe. */
export type ModelSettings = Readonly<{
  model: string;
  temperature?: number | undefined;
  seed?: number | undefined;
  maxOutputTokens?: number | undefined;
  /** Sent as it is, for what only one server understands. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Stands for `extraBody` where it is not known: which body it is, and the name of the recipe with it. */
  withheldBody?: Readonly<{ mark: string; recipe: string }> | undefined;
  /** The plugin that brings the model, by name and version, where it is no server of the settings. */
  provider?: Readonly<{ name: string; version: string }> | undefined;
}>;

export type ChatRequest = Readonly<{
  /** The stage that asks: picks the endpoint, and names the caller in logs. */
  stage: string;
  messages: readonly ChatMessage[];
  answer: AnswerSchema;
  /** What the model may call. Then no shape is asked of its server, and `answer` is said in words. */
  tools?: readonly ToolSpec[] | undefined;
  settings: ModelSettings;
  /** Hears what the server's headers say of its budgets; models without such headers leave it be. */
  onRates?: ((reading: RateReading) => void) | undefined;
  /**
   * Hears of a completion in the moment its last byte is read, before anything else happens to it: its body in pieces, as it
   * was read, and the codings it is packed in; empty for none. Models that are no server leave it be.
   */
  onBody?: ((body: readonly Uint8Array[], codings: string) => void) | undefined;
}>;

export type ChatReply = Readonly<{
  /** The answer without any reasoning text. */
  text: string;
  /** What the model thought aloud, from whichever field or tag the server used; empty if nothing. */
  reasoning: string;
  /** `stop`, `length`, `content_filter` … */
  finishReason: string;
  /** Set when the model declined to answer. */
  refusal: string | null;
  /** The model that answered, as the server names it. */
  model: string;
  usage: Usage;
  /** `null` where the price of the model is not known. */
  costUsd: number | null;
  /** What it asks to be called, if anything. */
  calls?: readonly ToolCall[] | undefined;
  /** The message as the server sent it, where it made calls: it goes back as it is. */
  message?: unknown;
}>;

/**
 * A model behind any server. One call, no retries: it resolves with what came, also when that is unusable, and rejects
 * with a Failure of kind `transient`, `poison` or `fatal` when nothing came.
 */
export interface ChatModel {
  /** Where it lives, for people: `https://api.openai.com/v1`, or `simulated`. */
  readonly address: string;
  /** Where the calls of a stage go, where that differs by stage. */
  addressOf?(stage: string): string;
  /** Everything it makes is invented and says so. */
  readonly simulated: boolean;
  /** The most tokens that the model writes in one answer, where that is known. */
  longestAnswer?(model: string): number | undefined;
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
}
