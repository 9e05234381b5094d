import { folded } from './invisible-characters.ts';

/**
 * What chat templates mark turns, tools and thoughts with, and what servers and trainers take for it wherever it stands
 * (https://huggingface.co/docs/transformers/chat_templating): ChatML, Llama 2 to 4, Phi, Qwen, GLM, Kimi, DeepSeek, Command R and
 * gpt-oss (`<|…|>`, also with wide bars), Gemma 3 and 4, Mistral, EXAONE, Seed and MiniMax. Read in a folded text.
 */
const TURNS = [
  '<\\|[^\\s<>|]{1,40}\\|?>',
  '<[a-z_]{1,30}\\|>',
  '</?(?:start|end)_of_(?:turn|image|audio)>',
  '<(?:beginning|end|\\[begin_of|\\[end_of)_?(?:_of)?_sentence\\]?>',
  '</?s>',
  '<[be]os>',
  '<seed:[a-z_]{1,30}>',
  '</?seed:[a-z_]{1,30}>',
  '<</?SYS>>',
  '<</SYS>>',
  '<[se]op>',
  '\\[/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CONTENT|MODEL_SETTINGS|ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|THINK|gMASK)\\]',
  '\\[\\|[a-z_]{1,30}\\|\\]',
  '\\]~!?b\\[?\\]?|\\[e~\\[',
].join('|');
/** What trainers take for more: media that have to be there, and thoughts and tools in a plain text. */
const MEDIA = '<(?:image|video|audio|__media__|ImageHere|image_soft_token|img_context)>';
const THOUGHTS = '</?(?:think|thinking|tool_call|tool_response|tools)>|<unused\\d{1,3}>|◁/?think▷';

const TURN_HERE = new RegExp(`^(?:${TURNS})`, 'i');
const TRAINED = new RegExp(`${TURNS}|${MEDIA}|${THOUGHTS}`, 'i');
/** Everything that folds to the first letter of a mark. */
export const OPENING = /[<[\]＜﹤［］﹇﹈]/;

/** Whether a mark of a turn begins the (folded) text. */
export function startsWithTurnToken(text: string): boolean {
  return TURN_HERE.test(text);
}

/** The first mark in a text that trainers or templates obey. */
export function templateTokenIn(text: string): string | undefined {
  return OPENING.test(text) || text.includes('◁') ? TRAINED.exec(folded(text))?.[0] : undefined;
}
