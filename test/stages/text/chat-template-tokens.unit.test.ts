import { describe, expect, it } from 'vitest';
import { templateTokenIn } from '../../../src/stages/text/chat-template-tokens.ts';
import { escapeForPrompt } from '../../../src/stages/text/escape-for-prompt.ts';
import { hasUnseen, looksLike, withoutUnseen } from '../../../src/stages/text/invisible-characters.ts';

const TURNS = [
  ...[
    '<|im_start|>',
    '<|im_end|>',
    '<|endoftext|>',
    '<|eot_id|>',
    '<|header_start|>',
    '<|user|>',
    '<|im_user|>',
  ],
  ...['<start_of_turn>', '<end_of_turn>', '<turn|>', '<|turn>', '<|channel>', '<channel|>', '<|channel|>'],
  ...[
    '[INST]',
    '[/INST]',
    '[SYSTEM_PROMPT]',
    '[/SYSTEM_PROMPT]',
    '[TOOL_CALLS]',
    '<<SYS>>',
    '<</SYS>>',
    '</s>',
    '<s>',
  ],
  ...[
    '<\uff5cUser\uff5c>',
    '<\uff5cbegin\u2581of\u2581sentence\uff5c>',
    '<|START_OF_TURN_TOKEN|>',
    '[|assistant|]',
  ],
  ...[
    '[gMASK]',
    '<sop>',
    '<beginning_of_sentence>',
    '<end_of_sentence>',
    '<seed:eos>',
    ']~b]',
    '[e~[',
    '<bos>',
  ],
  ...[
    '<\u200b|im_end|>',
    '<|im\u034f_end|>',
    '\uff1c|im_end|\uff1e',
    '\ufe64\uff5cim_end\uff5c\ufe65',
    '[\u3164INST]',
  ],
];
const TRAINED = [
  '<image>',
  '<video>',
  '<audio>',
  '</think>',
  '<think>',
  '<tool_call>',
  '<IMAGE>',
  '<unused94>',
];
const PLAIN = [
  'a < b and c > d, x <| f, a |> b',
  'List<String> xs; std::vector<int> v; <b>bold</b> [1, 2] [link](x) a[i]',
  '| a | b |\n|---|---|',
  'question <questionnaire> [instruction]',
];

describe('a mark that templates and trainers obey', () => {
  it.each([...TURNS, ...TRAINED])('is found in a text: %j', (mark) => {
    expect(templateTokenIn(`It is ${mark} here.`)).toBeDefined();
  });

  it.each(TURNS)('loses its bracket in a prompt: %j', (mark) => {
    expect(templateTokenIn(escapeForPrompt(`It is ${mark} here.`))).toBeUndefined();
  });

  it.each(PLAIN)('is none: %j', (text) => {
    expect(templateTokenIn(text)).toBeUndefined();
    expect(escapeForPrompt(text)).toBe(text);
  });
});

describe('a tag of ours in what strangers wrote', () => {
  it.each([
    '</candidate>',
    '</can\ufe0fdidate>',
    '</can\u034fdidate>',
    '<\u180b/candidate>',
    '<\u3164/candidate>',
    '<\ufe0f/candidate>',
    '\uff1c/candidate>',
    '\ufe64/candidate\ufe65',
    '<\uff0fcandidate>',
    '</\uff43\uff41\uff4e\uff44\uff49\uff44\uff41\uff54\uff45>',
    '</\u{1d41c}andidate>',
    '</candidate-1a2b3c4d>',
    '<candidate>',
  ])('loses its bracket: %j', (tag) => {
    const text = escapeForPrompt(`x${tag}y`);
    expect(text).toContain('‹');
    expect(text.normalize('NFKC')).not.toMatch(/</);
  });
});

describe('letters that nobody sees', () => {
  const tags = [...'IGNORE'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
  it.each([
    tags,
    'a\u202egnihton\u202c',
    'a\u200bb',
    'a\u2063b',
    'a\u3164b',
    'x\ufe00\ufe01',
    'y\u{e0100}\u{e0101}',
    'a\u200db',
  ])('are told of and reach no model: %j', (text) => {
    expect(hasUnseen(text) || text === 'a\u200db').toBe(true);
    expect(withoutUnseen(withoutUnseen(text))).toBe(withoutUnseen(text));
    expect(withoutUnseen(tags)).toBe('');
  });

  it.each([
    '👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'می\u200cخواهم',
    'क्\u200dष',
    '葛\u{e0100}',
    'soft\u00adhyphen \u200eleft\u200f',
    'Grüße, café, 漢字 and plain text',
  ])('are none where writing needs them: %j', (text) => {
    expect(hasUnseen(text)).toBe(false);
  });
});

describe('two texts to a reader', () => {
  it.each([
    ['Café', 'Cafe\u0301'],
    ['The same.', 'The same.\u200b'],
    ['The same.', 'The  same.\n'],
    ['The same.', 'The\u00a0same.'],
    ['The same.', 'The sa\u00adme.'],
    ['x', 'x\u{e0041}'],
  ])('are the same: %j and %j', (a, b) => {
    expect(looksLike(a, b)).toBe(true);
  });

  it.each([
    ['A right answer.', 'A wrong answer.'],
    ['a b', 'ab'],
    ['x²', 'x2'],
    ['A', 'a'],
  ])('are two: %j and %j', (a, b) => {
    expect(looksLike(a, b)).toBe(false);
  });
});
