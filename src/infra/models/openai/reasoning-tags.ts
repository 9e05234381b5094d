/** How a thought begins and ends in the text of an answer. */
type Tags = Readonly<{
  open: RegExp;
  close: RegExp /** Whether an end without a beginning is taken for one. */;
  alone: boolean;
}>;

const tag = (names: string, alone: boolean): readonly Tags[] =>
  names
    .split(' ')
    .map((name) => ({ open: new RegExp(`<${name}>`, 'i'), close: new RegExp(`</${name}>`, 'i'), alone }));

/**
 * The tags of current models, from their chat templates: DeepSeek, Qwen and many others; Magistral; Kimi-VL; Seed-OSS;
 * Command A; OpenThinker; MedGemma; Gemma 4; and words that prompts ask for.
 */
export const THOUGHT_TAGS: readonly Tags[] = [
  ...tag('think thinking seed:think', true),
  ...tag('thought thoughts reasoning reflection scratchpad antthinking analysis', false),
  { open: /\[THINK\]/, close: /\[\/THINK\]/, alone: true },
  { open: /◁think▷/, close: /◁\/think▷/, alone: true },
  { open: /<\|START_THINKING\|>/, close: /<\|END_THINKING\|>/, alone: true },
  { open: /<\|begin_of_thought\|>/, close: /<\|end_of_thought\|>/, alone: true },
  { open: /<unused94>/, close: /<unused95>/, alone: true },
  { open: /<\|channel>thought/, close: /<channel\|>/, alone: true },
  // gpt-oss: https://github.com/openai/harmony
  {
    open: /<\|channel\|>(?:analysis|commentary)[^<]*<\|message\|>/,
    close: /<\|(?:end|call|return)\|>/,
    alone: false,
  },
];

/** What stands around the answer itself, and is no part of it. */
export const ANSWER_TAGS =
  /<\|start\|>assistant|<\|channel\|>final[^<]*<\|message\|>|<\|(?:return|end)\|>\s*$|<\|(?:START|END)_RESPONSE\|>|<\|(?:begin|end)_of_solution\|>/g;

/** What is left of gpt-oss's channels where a server has taken its tags away. */
export const BARE_CHANNELS = /^\s*analysis(?![\s:]*[{[])([\s\S]*?)assistantfinal(?=\s*(?:[{[`"]|[A-Z]))/;
