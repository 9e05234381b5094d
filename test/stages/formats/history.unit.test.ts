import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/stages/example.ts';
import { type ExportFormat, exportLines } from '../../../src/stages/formats/index.ts';
import { candidates, exampleOf } from './fixtures.ts';

const { sft, conversation } = candidates;
const worse = { prompt: sft.prompt, answer: 'It mirrors the sea.' };
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

function valuesOf(example: Example, format: ExportFormat, sentBack: readonly unknown[]) {
  return exportLines(example, format, { sentBack }).map((each) =>
    each.kind === 'line' ? each.value : each.reason,
  );
}

describe('a question whose first candidate was sent back', () => {
  it('is a pair: the approved answer is preferred to the one that was sent back', () => {
    expect(valuesOf(exampleOf('sft'), 'dpo', [worse])).toEqual([
      { prompt: [user(sft.prompt)], chosen: [assistant(sft.answer)], rejected: [assistant(worse.answer)] },
    ]);
  });

  it('gives every answer with its label', () => {
    expect(valuesOf(exampleOf('sft'), 'kto', [worse])).toEqual([
      { prompt: [user(sft.prompt)], completion: [assistant(sft.answer)], label: true },
      { prompt: [user(sft.prompt)], completion: [assistant(worse.answer)], label: false },
    ]);
  });

  it('keeps the turns before the answer in the prompt', () => {
    const [first, second] = conversation.turns;
    const sentBack = { turns: [first, { user: second.user, assistant: 'By magic.' }] };
    expect(valuesOf(exampleOf('conversation'), 'openai-dpo', [sentBack])).toEqual([
      {
        input: { messages: [user(first.user), assistant(first.assistant), user(second.user)] },
        preferred_output: [assistant(second.assistant)],
        non_preferred_output: [assistant('By magic.')],
      },
    ]);
  });

  it('is no pair where the prompt was rewritten, and that is said', () => {
    const [reason] = valuesOf(exampleOf('sft'), 'dpo', [{ ...worse, prompt: 'Why blue?' }]);
    expect(reason).toBe('the prompt was rewritten with the answer: the two are no pair');
  });

  it('is no pair where tools are called: calls differ as well as answers, and that is said', () => {
    const calling = (result: string) => ({
      steps: [{ calls: [{ name: 'now', arguments: '{}', result }] }],
      answer: `It is ${result}.`,
    });
    const { question, ...rest } = exampleOf('tool-calls', { candidate: calling('12:00') });
    const tools = [{ type: 'function' as const, function: { name: 'now' } }];
    const example = { ...rest, question: { ...question, tools } };
    expect(valuesOf(example, 'dpo', [calling('13:00')])).toEqual([
      'which of two calls is better, nothing says: they are no pair',
    ]);
    expect(valuesOf(example, 'kto', [calling('13:00')])).toMatchObject([{ label: true }, { label: false }]);
  });

  it('gives an answer that was sent back twice one line', () => {
    expect(valuesOf(exampleOf('sft'), 'sharegpt-dpo', [worse, worse])).toHaveLength(1);
    expect(valuesOf(exampleOf('sft'), 'sharegpt-kto', [worse, worse])).toHaveLength(2);
  });

  it('says so where what was sent back is no candidate any more', () => {
    expect(valuesOf(exampleOf('sft'), 'kto', [{ prompt: '' }])).toEqual([
      expect.objectContaining({ label: true }),
      'the candidate is no sft example (schema_mismatch)',
    ]);
  });
});

describe('a question that was rejected in the end', () => {
  const rejected = exampleOf('sft', { review: { ...exampleOf('sft').review, verdict: 'rejected' } });

  it('has unwanted answers alone', () => {
    const labels = valuesOf(rejected, 'kto', [worse]);
    expect(labels).toEqual([
      expect.objectContaining({ label: false }),
      expect.objectContaining({ label: false }),
    ]);
  });

  it('is no pair, and that is said', () => {
    expect(valuesOf(rejected, 'dpo', [worse])).toEqual([
      'a question that was not approved has no answer to prefer',
    ]);
  });
});

describe('a pair that the model wrote', () => {
  it('is two labelled answers', () => {
    const { prompt, chosen, rejected } = candidates.dpo;
    expect(valuesOf(exampleOf('dpo'), 'kto', [])).toEqual([
      { prompt: [user(prompt)], completion: [assistant(chosen)], label: true },
      { prompt: [user(prompt)], completion: [assistant(rejected)], label: false },
    ]);
  });

  it('is two unwanted answers, and nowhere a preference, where it was rejected itself', () => {
    const refused = exampleOf('dpo', { review: { ...exampleOf('dpo').review, verdict: 'rejected' } });
    for (const [format, label] of [
      ['kto', 'label'],
      ['sharegpt-kto', 'kto_tag'],
    ] as const)
      expect(valuesOf(refused, format, [])).toMatchObject([{ [label]: false }, { [label]: false }]);
    for (const format of ['dpo', 'openai-dpo', 'sharegpt-dpo', 'axolotl-dpo', 'sharegpt', 'alpaca'] as const)
      expect(valuesOf(refused, format, [])).toEqual([
        'a question that was not approved has no answer to prefer',
      ]);
  });
});
