import { OPENING, startsWithTurnToken } from './chat-template-tokens.ts';
import { folded, withoutUnseen } from './invisible-characters.ts';

/** Tags that mark off what strangers wrote. */
export const TAGS = [
  'question',
  'source',
  'research',
  'candidate',
  'previous',
  'reviewer',
  'subject',
  'system',
  'tools',
  'history',
  'passages',
  'reference',
  'piece',
  'evidence',
  'notes',
] as const;

/** A closing tag is known with spaces in it as well: a model would take it. */
const TAG = new RegExp(`^<(?:\\s*/\\s*)?(?:${TAGS.join('|')})(?![a-z0-9_])`, 'i');
const ALL_OPENING = new RegExp(OPENING.source, 'g');
/** No tag and no mark is longer, with all that may stand between its letters. */
const WINDOW = 240;

/**
 * What a stranger wrote as it stands in a prompt: without unseen letters, and with a bracket in place of the one that begins
 * what could be read as a tag of ours, or as the end of a turn; look-alikes of other widths and styles count.
 */
export function escapeForPrompt(text: string): string {
  const seen = withoutUnseen(text);
  if (!OPENING.test(seen)) return seen;
  return seen.replace(ALL_OPENING, (bracket, at: number) => {
    const here = folded(seen.slice(at, at + WINDOW));
    return TAG.test(here) || startsWithTurnToken(here) ? '‹' : bracket;
  });
}
