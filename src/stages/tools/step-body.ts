import { z } from 'zod';
import { pieceSchema } from '../evidence/piece.ts';

/** A call as a model asks for it. */
export const toolCallSchema = z.object({ id: z.string(), name: z.string(), args: z.string() });

/**
 * What an answer of the model was for. `calls`: look-ups that it asks for. `answer`: what was asked for, and it stands. `notes`: words
 * without calls and without the shape of an answer. `unusable`: an answer that cannot be used, with the reason.
 */
export const turnBodySchema = z.object({
  /** Exactly as received: some servers refuse a conversation that lacks a field of theirs. */
  message: z.unknown(),
  text: z.string(),
  reasoning: z.string(),
  calls: z.array(toolCallSchema),
  /** It was asked without tools. */
  last: z.boolean(),
  finishReason: z.string(),
  /** Names the recipe that it was asked by. */
  recipe: z.string(),
  outcome: z.enum(['calls', 'answer', 'notes', 'unusable']),
  code: z.string().optional(),
  reason: z.string().optional(),
  /** Nothing would come of asking again. */
  final: z.boolean().optional(),
  /** What a person should know of an answer that can be used. */
  note: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type TurnBody = Readonly<z.output<typeof turnBodySchema>>;

/** What a look-up or a search came to, and under which ids its pieces were shown. */
export const resultBodySchema = z.object({
  tool: z.string(),
  /** As they were asked for. */
  args: z.unknown(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  code: z.string().optional(),
  /** What the model is shown beside the pieces. */
  text: z.string(),
  pieces: z.array(pieceSchema),
  /** URLs that a later look-up of this work may open. */
  urls: z.array(z.string()).optional(),
  /** It was kept from an earlier look-up, and cost nothing. */
  cached: z.boolean(),
});
export type ResultBody = Readonly<z.output<typeof resultBodySchema>>;
