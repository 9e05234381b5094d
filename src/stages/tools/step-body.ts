import type { Piece } from '../evidence/piece.ts';
import type { ToolCall } from './tool.ts';

/**
 * What an answer of the model was for. `calls`: look-ups that it asks for. `answer`: what was asked for, and it stands. `notes`: words
 * without calls and without the shape of an answer. `unusable`: an answer that cannot be used, with the reason.
 */
export type TurnBody = Readonly<{
  /** Exactly as received: some servers refuse a conversation that lacks a field of theirs. */
  message: unknown;
  text: string;
  reasoning: string;
  calls: readonly ToolCall[];
  /** It was asked without tools. */
  last: boolean;
  finishReason: string;
  outcome: 'calls' | 'answer' | 'notes' | 'unusable';
  code?: string | undefined;
  reason?: string | undefined;
}>;

/** What a look-up or a search came to, and under which ids its pieces were shown. */
export type ResultBody = Readonly<{
  tool: string;
  /** As they were asked for. */
  args: unknown;
  outcome: 'ok' | 'refused' | 'failed';
  code?: string | undefined;
  /** What the model is shown beside the pieces. */
  text: string;
  pieces: readonly Piece[];
  /** URLs that a later look-up of this work may open. */
  urls?: readonly string[] | undefined;
  /** It was kept from an earlier look-up, and cost nothing. */
  cached: boolean;
}>;
