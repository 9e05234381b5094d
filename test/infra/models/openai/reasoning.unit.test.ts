import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitReasoning } from '../../../../src/infra/models/openai/reasoning.ts';

const untagged = fc.string().filter((text) => !/think/i.test(text));
const answer = fc.dictionary(fc.string(), untagged).map((value) => JSON.stringify(value));

describe('thinking aloud', () => {
  it.each([
    ['no tags at all', '{"a":1}', '{"a":1}', ''],
    ['a block before the answer', '<think>hm</think>\n{"a":1}', '{"a":1}', 'hm'],
    ['an empty block', '<think>\n\n</think>\n\n{"a":1}', '{"a":1}', ''],
    ['two blocks', '<think>one</think><think>two</think>{"a":1}', '{"a":1}', 'one\n\ntwo'],
    ['a block after some words', 'Well. <think>hm</think> {"a":1}', 'Well.  {"a":1}', 'hm'],
    ['a missing opening tag', 'let me see {x}</think>{"a":1}', '{"a":1}', 'let me see {x}'],
    ['upper case', '<THINK>hm</THINK>{"a":1}', '{"a":1}', 'hm'],
    ['square brackets', '[THINK]hm[/THINK]{"a":1}', '{"a":1}', 'hm'],
    ['square brackets without the first', 'hm[/THINK]{"a":1}', '{"a":1}', 'hm'],
    ['triangles', '◁think▷hm◁/think▷{"a":1}', '{"a":1}', 'hm'],
    ['seed', '<seed:think>hm</seed:think>{"a":1}', '{"a":1}', 'hm'],
    ['a word', '<reasoning>hm</reasoning>\n{"a":1}', '{"a":1}', 'hm'],
    [
      'begin and end',
      '<|begin_of_thought|>hm<|end_of_thought|><|begin_of_solution|>{"a":1}<|end_of_solution|>',
      '{"a":1}',
      'hm',
    ],
    [
      'start and end',
      '<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>{"a":1}<|END_RESPONSE|>',
      '{"a":1}',
      'hm',
    ],
    [
      'channels',
      '<|channel|>analysis<|message|>hm {x}<|end|><|start|>assistant<|channel|>final<|message|>{"a":1}<|return|>',
      '{"a":1}',
      'hm {x}',
    ],
    ['channels whose marks are gone', 'analysisWe think.assistantfinal{"a":1}', '{"a":1}', 'We think.'],
    ['a channel of another kind', '<|channel>thought\nhm<channel|>{"a":1}', '{"a":1}', 'hm'],
    ['the longer tag', '<thinking>hm</thinking>{"a":1}', '{"a":1}', 'hm'],
  ])('is taken out: %s', (_, content, text, reasoning) => {
    expect(splitReasoning(content)).toEqual({ text, reasoning });
  });

  it.each([
    ['<think>I was about to', 'I was about to'],
    ['Well. <think>cut sho', 'Well.\n\ncut sho'],
    ['<think>done</think><think>not done {"a":1}', 'done\n\nnot done {"a":1}'],
  ])('that never ends is no answer: %s', (content, reasoning) => {
    expect(splitReasoning(content)).toEqual({ text: '', reasoning });
  });

  it.each([
    '{"a":"the <think> tag opens"}',
    '{"a":"the </think> tag closes"}',
    '{"a":"<think>both</think>"}',
    'Here:\n```json\n{"a":"<think>both</think>"}\n```',
  ])('that an answer only speaks about stays in it: %s', (content) => {
    expect(splitReasoning(content)).toEqual({ text: content, reasoning: '' });
  });

  it('an answer about the tags survives a block before it', () => {
    const content = '<think>hm</think>{"a":"write </think> last"}';
    expect(splitReasoning(content).text).toBe('{"a":"write </think> last"}');
  });

  it('in more blocks than any model makes is no answer, and costs no time', () => {
    expect(splitReasoning('</think>'.repeat(500_000)).text).toBe('');
  });

  it('whatever was thought, the answer comes out whole and without it', () => {
    fc.assert(
      fc.property(untagged, answer, fc.constantFrom('<think>', ''), (thought, text, opening) => {
        fc.pre(opening !== '' || !thought.includes('{'));
        const split = splitReasoning(`${opening}${thought}</think>${text}`);
        expect(split).toEqual({ text, reasoning: thought.trim() });
      }),
    );
  });

  it('any text at all is split, and what is thought stays out of the answer', () => {
    const piece = fc.oneof(fc.constantFrom('<think>', '</think>', '{', '"'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const content = pieces.join('');
        const { text, reasoning } = splitReasoning(content);
        expect(text.length + reasoning.length).toBeLessThanOrEqual(content.length + 2 * pieces.length);
      }),
    );
  });
});
