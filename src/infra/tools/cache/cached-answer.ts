import { z } from 'zod';
import type { FoundPiece } from '../../../stages/evidence/finder.ts';
import type { ToolAnswer } from '../../../stages/tools/tool.ts';
import type { LookUpCache, LookUpRequest } from './look-up-cache.ts';

const answerSchema = z.object({
  pieces: z.array(z.custom<FoundPiece>((value) => typeof value === 'object' && value !== null)).default([]),
  text: z.string().optional(),
  urls: z.array(z.string()).optional(),
  costUsd: z.number().optional(),
});

/**
 * The answer of a tool that was kept, else the one that it gives now, which is kept. Rejects as `call` does.
 *
 * @param source under which it is forgotten, beside the sources of its pieces.
 */
export async function cachedAnswer(
  kept: LookUpCache,
  request: LookUpRequest,
  source: string,
  call: () => Promise<ToolAnswer>,
): Promise<ToolAnswer> {
  const { value, cached } = await kept.through(request, answerSchema, async () => {
    const answer = answerSchema.parse(await call());
    return { value: answer, sources: [...new Set([source, ...answer.pieces.map((piece) => piece.source)])] };
  });
  return { ...value, cached };
}
