import { describe, expect, it } from 'vitest';
import { cutNote, leastTokens } from '../../../src/stages/agent/cut-prompt.ts';
import type { Usage } from '../../../src/streams/failure.ts';

const asked = (source: string) => [
  { role: 'system' as const, content: 'You are a careful researcher.' },
  { role: 'user' as const, content: `<source>${source}</source>` },
];
const counted = (input: number, more: Partial<Usage> = {}): Usage => ({
  ...{ input, output: 100, cached: 0, reasoning: 0 },
  ...more,
});
const said = (source: string, usage: Usage) => cutNote(asked(source), usage)?.message;

/** Letters of Chinese by chance, the same each time. */
function chinese(characters: number): string {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCodePoint(0x4e00 + ((state >>> 8) % 20_000));
  };
  return Array.from({ length: characters }, next).join('');
}

describe('a prompt that its server cut', () => {
  it.each([
    ['words', 'word '.repeat(40_000), 4_095],
    ['short words', 'a to be '.repeat(10_000), 2_048],
    ['prose of an 8k context', 'The quick brown fox jumps over it. '.repeat(2_000), 8_191],
    ['Korean', '하늘은 왜 파란가 '.repeat(5_000), 4_095],
    ['code', 'const value = other + 1;\n'.repeat(4_000), 4_095],
    ['Chinese', chinese(40_000), 4_095],
  ])('is told by what the server counted: %s', (_, source, input) => {
    expect(said(source, counted(input))).toMatch(
      /^The server read .* of at least .* tokens: it cut the prompt\./,
    );
  });

  it('is told in two sentences, with numbers and what to do', () => {
    expect(said('word '.repeat(40_000), counted(4_095))).toBe(
      'The server read 4,095 of at least 40,006 tokens: it cut the prompt. Raise its context (Ollama: OLLAMA_CONTEXT_LENGTH) or shorten the source.',
    );
  });

  it.each([
    ['a token for every word', 'word '.repeat(40_000), counted(40_010)],
    ['the part that a cache held', 'word '.repeat(40_000), counted(5_000, { cached: 35_000 })],
    ['the part that a cache was given', 'word '.repeat(40_000), counted(5_000, { cacheWrites: 35_000 })],
    ['nothing', 'word '.repeat(40_000), counted(0)],
    // Tokens of 16, 64 or more of one letter, space or sign.
    ['few tokens of one letter', 'a'.repeat(200_000), counted(3_200)],
    ['few tokens of spaces', `A${' '.repeat(200_000)}b`, counted(2_500)],
    ['few tokens of lines', '\n'.repeat(100_000), counted(800)],
    ['few tokens of a rule', `${'-'.repeat(80)}\n`.repeat(1_500), counted(1_600)],
    ['few tokens of a table', '|    |    |    |\n'.repeat(5_000), counted(5_000)],
    ['few tokens of digits', '0123456789'.repeat(20_000), counted(30_000)],
    ['few tokens of indented code', `${' '.repeat(40)}}\n`.repeat(3_000), counted(3_000)],
    ['half a token for a letter of Chinese', chinese(20_000), counted(10_000)],
    [
      'a token for ten letters of a phrase that comes again',
      '微信公众号天天中彩票'.repeat(4_000),
      counted(4_000),
    ],
    ['a third of a token for a letter of Japanese', 'ありがとうございました'.repeat(3_000), counted(6_000)],
    ['few tokens of Thai, which has no spaces', 'ทำไมท้องฟ้าถึงเป็นสีฟ้า'.repeat(3_000), counted(9_000)],
    ['what a small prompt has', 'word '.repeat(900), counted(20)],
  ])('is not thought to be where the server counted %s', (_, source, usage) => {
    expect(said(source, usage)).toBeUndefined();
  });
});

it('the least of a text is a token for every word with a letter or digit, and one for each new piece of Chinese', () => {
  expect(leastTokens('one two-three 4 -- | \u00a0five\n')).toBe(4);
  expect(leastTokens(`${chinese(10)} ${chinese(10)} word`)).toBe(3);
  expect(leastTokens(' '.repeat(400_000))).toBe(0);
});
