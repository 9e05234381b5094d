import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Example, exampleSchema } from '../../../src/stages/example.ts';
import type { Asker } from '../../../src/stages/formats/format.ts';
import {
  type ExportFormat,
  exportFormatNamed,
  exportLine,
  exportLines,
  formatNamed,
} from '../../../src/stages/formats/index.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { anyCandidate, candidates, exampleOf, type TypeName, trainerFormats, typeNames } from './fixtures.ts';

function textOf(example: Example, format: ExportFormat, asker?: Asker): string {
  const exported = exportLine(example, format, asker);
  return exported.kind === 'line' ? exported.line : expect.fail(exported.reason);
}

function reasonOf(example: Example, format: ExportFormat): string {
  const exported = exportLine(example, format);
  return exported.kind === 'skipped' ? exported.reason : expect.fail(exported.line);
}

describe('golden lines', () => {
  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });
  const human = (value: string) => ({ from: 'human', value });
  const gpt = (value: string) => ({ from: 'gpt', value });
  const thought = '<think>\n6 × 7 = 6 × 5 + 6 × 2 = 42.\n</think>\n\n42';
  const { sft, reasoning, conversation, dpo } = candidates;
  const [first, second] = conversation.turns;

  it.each<[TypeName, ExportFormat, unknown]>([
    ['sft', 'openai', { messages: [user(sft.prompt), assistant(sft.answer)] }],
    ['sft', 'alpaca', { instruction: sft.prompt, input: '', output: sft.answer, history: [] }],
    ['sft', 'sharegpt', { conversations: [human(sft.prompt), gpt(sft.answer)] }],
    ['sft', 'trl', { prompt: [user(sft.prompt)], completion: [assistant(sft.answer)] }],
    ['reasoning', 'openai', { messages: [user(reasoning.prompt), assistant('42')] }],
    ['reasoning', 'alpaca', { instruction: reasoning.prompt, input: '', output: thought, history: [] }],
    ['reasoning', 'sharegpt', { conversations: [human(reasoning.prompt), gpt(thought)] }],
    [
      'reasoning',
      'trl',
      {
        prompt: [user(reasoning.prompt)],
        completion: [{ ...assistant('42'), reasoning_content: reasoning.reasoning }],
      },
    ],
    [
      'conversation',
      'openai',
      {
        messages: [
          user(first.user),
          assistant(first.assistant),
          user(second.user),
          assistant(second.assistant),
        ],
      },
    ],
    [
      'conversation',
      'alpaca',
      {
        instruction: second.user,
        input: '',
        output: second.assistant,
        history: [[first.user, first.assistant]],
      },
    ],
    [
      'conversation',
      'sharegpt',
      { conversations: [human(first.user), gpt(first.assistant), human(second.user), gpt(second.assistant)] },
    ],
    [
      'conversation',
      'trl',
      {
        prompt: [user(first.user), assistant(first.assistant), user(second.user)],
        completion: [assistant(second.assistant)],
      },
    ],
    ['dpo', 'openai', { messages: [user(dpo.prompt), assistant(dpo.chosen)] }],
    ['dpo', 'alpaca', { instruction: dpo.prompt, input: '', chosen: dpo.chosen, rejected: dpo.rejected }],
    [
      'dpo',
      'sharegpt',
      { conversations: [human(dpo.prompt)], chosen: gpt(dpo.chosen), rejected: gpt(dpo.rejected) },
    ],
    ['dpo', 'trl', { prompt: [user(dpo.prompt)], completion: [assistant(dpo.chosen)] }],
    [
      'dpo',
      'dpo',
      { prompt: [user(dpo.prompt)], chosen: [assistant(dpo.chosen)], rejected: [assistant(dpo.rejected)] },
    ],
  ])('%s as %s', (type, format, line) => {
    expect(textOf(exampleOf(type), format)).toBe(JSON.stringify(line));
  });

  it.each(['sft', 'reasoning', 'conversation'])(
    '%s that passed at once is no pair, and that is said',
    (type) => {
      expect(reasonOf(exampleOf(type), 'dpo')).toBe('nothing was sent back: there is no answer to reject');
    },
  );

  it.each<[TypeName, ExportFormat, unknown]>([
    ['sft', 'prompt-completion', { prompt: sft.prompt, completion: sft.answer }],
    ['sft', 'axolotl', { messages: [user(sft.prompt), assistant(sft.answer)] }],
    ['reasoning', 'prompt-completion', { prompt: reasoning.prompt, completion: thought }],
    [
      'reasoning',
      'axolotl',
      {
        messages: [user(reasoning.prompt), { ...assistant('42'), reasoning_content: reasoning.reasoning }],
      },
    ],
    ['dpo', 'prompt-completion', { prompt: dpo.prompt, completion: dpo.chosen }],
    [
      'dpo',
      'openai-dpo',
      {
        input: { messages: [user(dpo.prompt)] },
        preferred_output: [assistant(dpo.chosen)],
        non_preferred_output: [assistant(dpo.rejected)],
      },
    ],
    [
      'dpo',
      'sharegpt-dpo',
      { conversations: [human(dpo.prompt)], chosen: gpt(dpo.chosen), rejected: gpt(dpo.rejected) },
    ],
    [
      'dpo',
      'axolotl-dpo',
      {
        messages: [user(dpo.prompt)],
        chosen: assistant(dpo.chosen),
        rejected: assistant(dpo.rejected),
      },
    ],
  ])('%s as the newer %s', (type, format, line) => {
    expect(textOf(exampleOf(type), format)).toBe(JSON.stringify(line));
  });

  it('a conversation does not fit two texts', () => {
    expect(reasonOf(exampleOf('conversation'), 'prompt-completion')).toBe(
      'format prompt-completion cannot hold a conversation example',
    );
  });
});

describe('any valid candidate', () => {
  const fits = typeNames.flatMap((name) =>
    trainerFormats
      .filter((format) => exportLine(exampleOf(name), format).kind === 'line')
      .map((format) => [name, format] as const),
  );

  it('fits every format but those of pairs, without a history, and those that hold no conversation', () => {
    const unfit = typeNames.flatMap((name) =>
      trainerFormats
        .filter((format) => !fits.some(([type, fitting]) => type === name && fitting === format))
        .map((format) => `${name} as ${format}`),
    );
    const pairs: readonly ExportFormat[] = ['openai-dpo', 'dpo', 'sharegpt-dpo', 'axolotl-dpo'];
    const single = typeNames.filter((name) => name !== 'dpo');
    const noPairs = single.flatMap((name) => pairs.map((format) => `${name} as ${format}`));
    expect(unfit.toSorted()).toEqual(['conversation as prompt-completion', ...noPairs].toSorted());
  });

  it.each(fits)('%s becomes lines that the rule of %s accepts', (name, format) => {
    fc.assert(
      fc.property(anyCandidate[name], anyCandidate[name], (candidate, sentBack) => {
        const lines = exportLines(exampleOf(name, { candidate }), format, { sentBack: [sentBack] });
        expect(lines.length).toBeGreaterThan(0);
        for (const each of lines) {
          if (each.kind === 'skipped' || each.shape === 'record') expect.fail(JSON.stringify(each));
          expect(formatNamed(format).shapes[each.shape]?.rule.safeParse(JSON.parse(each.line)).success).toBe(
            true,
          );
        }
      }),
    );
  });

  it('becomes one line for every reader, whatever line ends it takes', () => {
    const candidate = { prompt: 'a\nb\r\u2028c', answer: 'd\u2029e\u0085f' };
    const text = textOf(exampleOf('sft', { candidate }), 'openai');
    expect(text).not.toMatch(/[\n\r\u0085\u2028\u2029]/u);
    expect(JSON.parse(text).messages[0].content).toBe(candidate.prompt);
  });
});

describe('what cannot be exported is skipped with a reason that can be counted', () => {
  it('an unknown training type', () => {
    expect(reasonOf(exampleOf('poetry'), 'openai')).toBe('training type "poetry" is unknown');
  });

  it('a candidate that does not fit its training type', () => {
    expect(reasonOf(exampleOf('sft', { candidate: { prompt: '' } }), 'openai')).toBe(
      'the candidate is no sft example (schema_mismatch)',
    );
  });
});

describe('a simulated example', () => {
  const candidate = { prompt: '[simulated] Why?', answer: '[simulated] Because.' };

  it.each(trainerFormats.filter((format) => !format.endsWith('dpo')))('says so in its %s line', (format) => {
    expect(textOf(exampleOf('sft', { simulated: true, candidate }), format)).toContain('[simulated]');
  });

  it('says so in its record', () => {
    expect(JSON.parse(textOf(exampleOf('sft', { simulated: true }), 'record')).simulated).toBe(true);
  });

  it('is left out when its texts could pass for training data', () => {
    expect(reasonOf(exampleOf('sft', { simulated: true }), 'openai')).toContain('does not say');
  });
});

describe('record', () => {
  it('reads back as the example, beside the id and metadata of the user', () => {
    const example = exampleOf('dpo', { revision: 1 });
    const line = JSON.parse(textOf(example, 'record', { id: 'q-1', metadata: { source: 'exam' } }));
    expect(line).toMatchObject({ id: 'q-1', metadata: { source: 'exam' } });
    expect(exampleSchema.parse(line)).toEqual(example);
  });

  it('has the same columns without a submission', () => {
    expect(JSON.parse(textOf(exampleOf('sft'), 'record'))).toMatchObject({ id: null, metadata: null });
  });

  it('holds a training type that is not known any more', () => {
    expect(exportLine(exampleOf('poetry', { candidate: { verse: 'x' } }), 'record').kind).toBe('line');
  });
});

it('an unknown format stops everything and lists the known ones', () => {
  expect(exportFormatNamed('trl')).toBe('trl');
  expect(() => exportFormatNamed('parquet')).toThrow(
    new Failure(
      'fatal',
      'unknown_format',
      'Unknown format "parquet". Use one of: openai, openai-dpo, trl, prompt-completion, dpo, kto, alpaca, sharegpt, sharegpt-dpo, sharegpt-kto, axolotl, axolotl-dpo, rag, citations, columns, record.',
    ),
  );
});

describe('the id that its asker gave a question', () => {
  const withId: readonly ExportFormat[] = ['sharegpt', 'sharegpt-kto', 'record'];
  const example = exampleOf('sft');

  it.each([...trainerFormats, 'record' as const])(
    'stands in a line of %s where the format has a place for it',
    (format) => {
      const idOf = (asker: Asker | undefined) => {
        const [line] = exportLines(exampleOf('dpo'), format, { asker });
        return line?.kind === 'line' ? line.value['id'] : expect.fail(`${line?.reason}`);
      };
      const has = format === 'record' || format.startsWith('sharegpt');
      expect(idOf({ id: 'pg-013' })).toBe(has ? 'pg-013' : undefined);
    },
  );

  it.each(withId)('leads a line of %s', (format) => {
    expect(textOf(example, format, { id: 'pg-013' })).toMatch(/^\{"id":"pg-013",/);
  });

  it('is our own in ShareGPT’s lines where the asker gave none, so that a column has one type', () => {
    expect(JSON.parse(textOf(example, 'sharegpt', {}))).toHaveProperty('id', example.questionId);
  });

  it('is nowhere but in a record where nobody knows who asked, as on the ledger', () => {
    expect(JSON.parse(textOf(example, 'sharegpt'))).not.toHaveProperty('id');
  });
});
