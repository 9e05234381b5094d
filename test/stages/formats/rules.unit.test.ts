import { describe, expect, it } from 'vitest';
import type { LineShape } from '../../../src/stages/formats/format.ts';
import { formatNamed } from '../../../src/stages/formats/index.ts';

function accepts(format: string, shape: LineShape, line: unknown): boolean {
  return formatNamed(format).shapes[shape]?.rule.safeParse(line).success ?? false;
}

const user = { role: 'user', content: 'U' };
const assistant = { role: 'assistant', content: 'A' };
const system = { role: 'system', content: 'S' };
const human = { from: 'human', value: 'H' };
const gpt = { from: 'gpt', value: 'G' };

describe('openai', () => {
  it.each([
    ['a leading system message', [system, user, assistant], true],
    ['several turns', [user, assistant, user, assistant], true],
    ['a user message at the end', [user, assistant, user], false],
    ['two user messages in a row', [user, user, assistant], false],
    ['an answer without a question', [assistant], false],
    ['a late system message', [user, system, assistant], false],
    ['a system message alone', [system], false],
    ['no messages', [], false],
    ['a blank text', [user, { ...assistant, content: ' ' }], false],
    ['a field that OpenAI does not know', [user, { ...assistant, reasoning_content: 'R' }], false],
  ])('%s: %j -> %s', (_, messages, accepted) => {
    expect(accepts('openai', 'answers', { messages })).toBe(accepted);
  });
});

describe('alpaca', () => {
  const line = { instruction: 'I', input: '', output: 'O', history: [['q', 'a']] };

  it.each([
    ['a whole line', line, true],
    ['a blank output', { ...line, output: '' }, false],
    ['a history of half a turn', { ...line, history: [['q']] }, false],
    ['no history column', { instruction: 'I', input: '', output: 'O' }, false],
  ])('%s: %j -> %s', (_, value, accepted) => {
    expect(accepts('alpaca', 'answers', value)).toBe(accepted);
  });

  it('takes no pair of equal answers', () => {
    const pair = { instruction: 'I', input: '', chosen: 'C', rejected: 'C' };
    expect(accepts('alpaca', 'preferences', pair)).toBe(false);
    expect(accepts('alpaca', 'preferences', { ...pair, rejected: 'R' })).toBe(true);
  });
});

describe('sharegpt', () => {
  it.each([
    ['human at odd and gpt at even positions', [human, gpt, human, gpt], true],
    ['gpt first', [gpt, human], false],
    ['human last', [human, gpt, human], false],
    ['a role of another format', [{ from: 'user', value: 'H' }, gpt], false],
    ['no messages', [], false],
  ])('%s: %j -> %s', (_, conversations, accepted) => {
    expect(accepts('sharegpt', 'answers', { conversations })).toBe(accepted);
  });

  it('wants a pair to follow a human message', () => {
    const rejected = { from: 'gpt', value: 'R' };
    expect(accepts('sharegpt', 'preferences', { conversations: [human], chosen: gpt, rejected })).toBe(true);
    expect(accepts('sharegpt', 'preferences', { conversations: [human, gpt], chosen: gpt, rejected })).toBe(
      false,
    );
    expect(accepts('sharegpt', 'preferences', { conversations: [human], chosen: human, rejected })).toBe(
      false,
    );
  });
});

describe('trl', () => {
  it.each([
    ['a prompt of several turns', { prompt: [user, assistant, user], completion: [assistant] }, true],
    ['reasoning apart', { prompt: [user], completion: [{ ...assistant, reasoning_content: 'R' }] }, true],
    ['a prompt that ends with the assistant', { prompt: [user, assistant], completion: [assistant] }, false],
    ['a completion by the user', { prompt: [user], completion: [user] }, false],
    ['no completion', { prompt: [user], completion: [] }, false],
    ['no prompt', { prompt: [], completion: [assistant] }, false],
  ])('%s: %j -> %s', (_, line, accepted) => {
    expect(accepts('trl', 'answers', line)).toBe(accepted);
  });
});

describe('dpo', () => {
  const rejected = [{ role: 'assistant', content: 'R' }];

  it.each([
    ['two different answers', { prompt: [system, user], chosen: [assistant], rejected }, true],
    ['two equal answers', { prompt: [user], chosen: rejected, rejected }, false],
    ['an implicit prompt', { prompt: [], chosen: [user, assistant], rejected: [user, ...rejected] }, false],
    ['no rejected answer', { prompt: [user], chosen: [assistant] }, false],
  ])('%s: %j -> %s', (_, line, accepted) => {
    expect(accepts('dpo', 'preferences', line)).toBe(accepted);
  });
});
