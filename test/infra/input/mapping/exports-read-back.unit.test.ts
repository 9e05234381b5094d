import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { From } from '../../../../src/infra/input/mapping/meant.ts';
import { RowMapper } from '../../../../src/infra/input/mapping/row-mapper.ts';
import type { Example } from '../../../../src/stages/example.ts';
import { exportLines } from '../../../../src/stages/formats/index.ts';
import { type Question, questionSchema } from '../../../../src/stages/question.ts';
import { exampleOf } from '../../../stages/formats/fixtures.ts';
import { options } from '../reading.ts';

/** Letters, marks and line ends, without what reading trims. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((said) => `a${said}b`)
  .filter((said) => !/<\/?think>/iu.test(said));
const history = fc
  .array(fc.tuple(text, text), { maxLength: 3 })
  .map((pairs) => pairs.flatMap(([user, assistant]) => [said('user', user), said('assistant', assistant)]));
const parts = fc.record({ text, history, system: fc.option(text, { nil: undefined }) });

function said(role: string, content: string) {
  return { role, content };
}

function exampleWith(trainingType: string, more: object, candidate: unknown): Example {
  const { question } = exampleOf(trainingType);
  return {
    ...exampleOf(trainingType),
    v: 2,
    question: questionSchema.parse({ ...question, ...more }),
    candidate,
  };
}

/** What our reader makes of the line that the format has of the example; a text says why there is no such line. */
function readBack(example: Example, format: string, from: From, as?: string): Question | string {
  const [line] = exportLines(example, format);
  if (line?.kind !== 'line') return line?.reason ?? 'no line';
  const { topic, subTopic, trainingType } = example.question;
  const defaults = { topic, subTopic, trainingType: as ?? trainingType };
  const mapper = new RowMapper('export', { ...options, defaults, from });
  const row = {
    kind: 'row' as const,
    entry: { line: 1, label: '', text: line.line },
    value: JSON.parse(line.line),
  };
  const [entry] = [...mapper.push(row), ...mapper.end()];
  return entry?.kind === 'question' ? entry.question : (entry?.reason ?? 'no entry');
}

/** The question as it was, with the answer that the example has. */
function withAnswer({ question, candidate }: Example) {
  const there = Object.entries(question).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(there), given: { candidate } };
}

const FEW = { numRuns: 40 };
const ANSWERS = ['openai', 'trl', 'sharegpt', 'alpaca', 'axolotl'];
const CALLING = ['openai', 'trl', 'sharegpt', 'axolotl'];
const PAIRS = ['dpo', 'openai-dpo', 'sharegpt-dpo', 'axolotl-dpo'];

describe('an export, read by --from answer, is the conversation that was exported:', () => {
  it.each(ANSWERS)('%s, with system prompt and earlier turns', (format) => {
    fc.assert(
      fc.property(parts, text, (more, answer) => {
        const example = exampleWith('sft', more, { answer });
        expect(readBack(example, format, 'answer')).toMatchObject(withAnswer(example));
      }),
      FEW,
    );
  });

  it('prompt-completion, which holds neither', () => {
    fc.assert(
      fc.property(text, text, (asked, answer) => {
        const example = exampleWith('sft', { text: asked }, { answer });
        expect(readBack(example, 'prompt-completion', 'answer')).toMatchObject(withAnswer(example));
      }),
      FEW,
    );
  });

  it.each(['trl', 'axolotl', 'sharegpt', 'alpaca'])('%s, with the thought in its place', (format) => {
    fc.assert(
      fc.property(parts, text, text, (more, reasoning, answer) => {
        const example = exampleWith('reasoning', more, { reasoning, answer });
        expect(readBack(example, format, 'answer')).toMatchObject(withAnswer(example));
      }),
      FEW,
    );
  });

  it.each(PAIRS)('%s by --from pair, with both answers', (format) => {
    fc.assert(
      fc.property(parts, text, text, (more, chosen, rejected) => {
        fc.pre(chosen !== rejected);
        const example = exampleWith('dpo', more, { chosen, rejected });
        expect(readBack(example, format, 'pair')).toMatchObject(withAnswer(example));
      }),
      FEW,
    );
  });

  it('alpaca by --from pair, with both answers; it holds no earlier turns of pairs', () => {
    fc.assert(
      fc.property(text, text, text, text, (asked, system, chosen, rejected) => {
        fc.pre(chosen !== rejected);
        const example = exampleWith('dpo', { text: asked, system }, { chosen, rejected });
        expect(readBack(example, 'alpaca', 'pair')).toMatchObject(withAnswer(example));
      }),
      FEW,
    );
  });

  it.each(CALLING)('%s, with calls of tools and their results', (format) => {
    const calls = ['Rome', 'Oslo'].map((city, index) => ({
      id: `call_${index + 1}`,
      name: 'weather',
      arguments: JSON.stringify({ city }),
    }));
    const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: `${id}: clear` }));
    const earlier = [
      said('user', 'And elsewhere?'),
      { role: 'assistant', content: '', tool_calls: calls },
      ...results,
      said('assistant', 'Clear.'),
    ];
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
    const example = exampleWith('sft', { tools, history: earlier }, { answer: 'Sunny.' });
    expect(readBack(example, format, 'answer')).toMatchObject(withAnswer(example));
  });
});

describe('an export loses what its format has no place for:', () => {
  const call = { id: 'mine', name: 'weather', arguments: '{ "city": "Rome" }' };
  const earlier = [
    said('user', 'And elsewhere?'),
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'mine', name: 'weather', content: 'Clear.' },
    said('assistant', 'Clear.'),
  ];
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];

  it('sharegpt has no ids of calls, no white space in their arguments, no names of results', () => {
    const example = exampleWith('sft', { tools, history: earlier }, { answer: 'Sunny.' });
    const read = readBack(example, 'sharegpt', 'answer');
    const called = { id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' };
    expect(typeof read === 'string' ? read : read.history?.slice(1, 3)).toEqual([
      { role: 'assistant', content: '', tool_calls: [called] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Clear.' },
    ]);
  });

  it('a conversation of several turns comes back as its last question, with the others before it', () => {
    const turns = [
      { user: 'What is an ion?', assistant: 'A charged atom.' },
      { user: 'Charged how?', assistant: 'By losing electrons.' },
    ];
    const example = { ...exampleOf('conversation'), candidate: { turns } };
    const read = readBack(example, 'openai', 'answer', 'sft');
    expect(read).toMatchObject({
      text: 'Charged how?',
      history: [said('user', 'What is an ion?'), said('assistant', 'A charged atom.')],
      given: { candidate: { answer: 'By losing electrons.' } },
    });
  });
});
