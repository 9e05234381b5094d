import type { AttemptContext } from '../../streams/delivery/stage.ts';
import type { ModelSettings } from './chat-model.ts';

/** An answer that was cut off is asked again with this many times the tokens that it had. */
const ROOM_FACTOR = 2;
const DEFAULT_ROOM = 4_096;

/**
 * How many tokens the next answer may have: more where the last one was cut off, as many where it was mended meanwhile,
 * and never more than the model can write.
 */
export function withRoom(
  settings: ModelSettings,
  { previous }: Pick<AttemptContext, 'previous'>,
  longest: number | undefined,
): ModelSettings {
  if (previous?.kind !== 'content') return settings;
  const { maxOutputTokens } = settings;
  const used = previous.facts.reply?.usage.output ?? 0;
  const outgrown = previous.code === 'truncated' || (maxOutputTokens !== undefined && used > maxOutputTokens);
  if (!outgrown) return settings;
  const had = Math.max(maxOutputTokens ?? (used === 0 ? DEFAULT_ROOM : 0), used);
  return {
    ...settings,
    maxOutputTokens: Math.max(maxOutputTokens ?? 0, Math.min(had * ROOM_FACTOR, longest ?? Infinity)),
  };
}
