import type { AttemptNote } from '../../streams/delivery/stage.ts';
import type { Usage } from '../../streams/failure.ts';
import { grouped } from '../text/grouped.ts';
import type { ChatMessage } from './chat-model.ts';

/** The code of an attempt whose prompt the server seems to have cut. */
export const PROMPT_CUT = 'prompt_cut';

/** Prompts of at least so many tokens: below it the marks of a chat template could count. */
const SURE_TOKENS = 1_000;
/** What a server counts is below so much of the bound. */
const SHARE = 0.8;
/** With so few characters to a token nothing is missing, and the words need not be counted. */
const USUAL_CHARACTERS_PER_TOKEN = 6;
/** So many characters of a script without spaces are more than one token, but for phrases that are said over and over. */
const PIECE_CHARACTERS = 5;
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const UNSPACED_RUN = new RegExp(`[${UNSPACED}]{${PIECE_CHARACTERS},}`, 'gu');
const SPACED_WORD = new RegExp(`(?<!\\S)(?=[^\\s]*[\\p{L}\\p{N}])[^\\s${UNSPACED}]+(?!\\S)`, 'gu');

/**
 * What to say of a call whose server counted far fewer tokens than its prompt must have: some cut what does not fit their context
 * and answer from the rest as if nothing were. `undefined` where nothing is wrong, or the server counts nothing.
 */
export function cutNote(messages: readonly ChatMessage[], usage: Usage): AttemptNote | undefined {
  const read = usage.input + usage.cached + (usage.cacheWrites ?? 0);
  const characters = sumOf(messages.map(({ content }) => content.length));
  if (usage.input === 0 || characters < USUAL_CHARACTERS_PER_TOKEN * read) return undefined;
  const least = sumOf(messages.map(({ content }) => leastTokens(content)));
  if (least < SURE_TOKENS || read >= SHARE * least) return undefined;
  const [counted, sent] = [read, least].map(grouped);
  const message = `The server read ${counted} of at least ${sent} tokens: it cut the prompt. Raise its context (Ollama: OLLAMA_CONTEXT_LENGTH) or shorten the source.`;
  return { code: PROMPT_CUT, message };
}

/**
 * Tokens that a text has at least, whatever cuts it. No tokenizer in wide use puts two words with a space between them into one token;
 * of Chinese and Japanese each piece of five characters counts once, however often it comes.
 */
export function leastTokens(text: string): number {
  const words = text.match(SPACED_WORD)?.length ?? 0;
  const pieces = new Set<string>();
  for (const [run] of text.matchAll(UNSPACED_RUN))
    for (let at = 0; at + PIECE_CHARACTERS <= run.length; at += PIECE_CHARACTERS)
      pieces.add(run.slice(at, at + PIECE_CHARACTERS));
  return words + pieces.size;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
