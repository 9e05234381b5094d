import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ChatModel,
  type Example,
  type ExportFormat,
  exportLine,
  generateSyntheticData,
} from '../../src/index.ts';
import { failureOf } from '../support/failure-of.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'millrace-library-'));

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather in a city.',
      parameters: {
        type: 'object',
        properties: {
          city: { type: 'string', minLength: 2 },
          days: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 7 } },
          unit: { enum: ['C', 'F'] },
          zone: { type: 'string', pattern: '^[A-Z]{3}$' },
        },
        required: ['city', 'days', 'unit'],
        additionalProperties: false,
      },
    },
  },
  { type: 'function', function: { name: 'now', description: 'The time.' } },
];

const values = (unit: string) => JSON.stringify({ city: 'Oslo', days: [1], unit });
const candidate = (unit: string) => ({
  steps: [
    { calls: [{ name: 'now', arguments: '{}', result: '12:00' }] },
    { calls: [{ name: 'get_weather', arguments: values(unit), result: '{"warmth":21}' }] },
  ],
  answer: 'It will be 21 °C.',
});
const score = { score: 9, reason: 'so it is' };
const names = ['correctness', 'completeness', 'clarity', 'relevance', 'safety'];
const review = { scores: Object.fromEntries(names.map((name) => [name, score])), feedback: '' };

/** Its first call has a unit that the tool does not know. */
function scripted(asked: string[]): ChatModel {
  const candidates = [candidate('K'), candidate('C')];
  const answers: Readonly<Record<string, () => unknown>> = {
    research: () => ({ summary: 'known', keyPoints: [], caveats: [] }),
    generation: () => candidates.shift(),
    review: () => review,
  };
  return {
    address: 'scripted',
    simulated: false,
    complete: async ({ stage, messages }) => {
      asked.push(`${stage}: ${messages.map(({ content }) => content).join('\n')}`);
      const usage = { input: 10, output: 20, cached: 0, reasoning: 0 };
      const said = { reasoning: '', finishReason: 'stop', refusal: null, model: 'scripted', costUsd: 0.001 };
      return { ...said, usage, text: JSON.stringify(answers[stage]?.()) };
    },
  };
}

const question = { question: 'How warm will it be in Oslo?', system: 'Be brief.', tools };

function lineOf(example: Example | undefined, format: ExportFormat): unknown {
  if (example === undefined) return expect.fail('there is no example');
  const line = exportLine(example, format);
  return line.kind === 'line' ? JSON.parse(line.line) : expect.fail(line.reason);
}

describe('a question with tools becomes calls, results and an answer', () => {
  it('a call that does not fit is written anew with the reason, the judge sees calls and results, and rows hold them', async () => {
    const asked: string[] = [];
    const { examples, summary } = await generateSyntheticData({
      ...{ questions: [question], trainingType: 'tool-calls', data: temporary() },
      model: scripted(asked),
    });
    expect(summary.spent.calls).toBe(4);
    const [, first = '', second = '', judge = ''] = asked;
    expect(first).not.toContain('cannot be used');
    expect(second).toContain('call 2 (get_weather): unit must be one of C, F');
    for (const part of ['The assistant calls get_weather', values('C'), '{"warmth":21}'])
      expect(judge).toContain(part);

    const [example] = examples;
    expect(example?.candidate).toEqual(candidate('C'));
    const call = (id: string, name: string, text: string) => ({
      role: 'assistant',
      tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
    });
    const result = (id: string, name: string, content: string) => ({
      role: 'tool',
      content,
      tool_call_id: id,
      name,
    });
    const system = { role: 'system', content: 'Be brief.' };
    const user = { role: 'user', content: question.question };
    const answered = [
      call('call00001', 'now', '{}'),
      result('call00001', 'now', '12:00'),
      call('call00002', 'get_weather', values('C')),
      result('call00002', 'get_weather', '{"warmth":21}'),
      { role: 'assistant', content: 'It will be 21 °C.' },
    ];
    expect(lineOf(example, 'openai')).toEqual({ messages: [system, user, ...answered], tools });
    expect(lineOf(example, 'axolotl')).toEqual({ messages: [system, user, ...answered], tools });
    expect(lineOf(example, 'trl')).toEqual({ prompt: [system, user], completion: answered, tools });
    expect(lineOf(example, 'sharegpt')).toEqual({
      conversations: [
        { from: 'human', value: question.question },
        { from: 'function_call', value: '{"name":"now","arguments":{}}' },
        { from: 'observation', value: '12:00' },
        { from: 'function_call', value: `{"name":"get_weather","arguments":${values('C')}}` },
        { from: 'observation', value: '{"warmth":21}' },
        { from: 'gpt', value: 'It will be 21 °C.' },
      ],
      system: 'Be brief.',
      tools: JSON.stringify(tools.map((tool) => tool.function)),
    });
    expect(example === undefined ? [] : exportLine(example, 'alpaca')).toMatchObject({ kind: 'skipped' });
  });

  it('the simulated model calls the tools with what they require', async () => {
    const questions = Array.from({ length: 12 }, (_, index) => ({
      ...question,
      question: `Is day ${index} warm?`,
    }));
    const { examples, errors, summary } = await generateSyntheticData({
      ...{ questions, trainingType: 'tool-calls', data: temporary() },
      simulate: 'latency=0ms,reject=0%',
    });
    expect([examples.length, errors, summary.spent.calls]).toEqual([12, [], 36]);
    const rows = JSON.stringify(examples.map((example) => lineOf(example, 'openai')));
    for (const name of ['get_weather', 'now'])
      expect(rows).toContain(`"function":{"name":"${name}","arguments"`);
  });

  it('and one without any is refused before anybody is asked', async () => {
    const failure = await failureOf(() =>
      generateSyntheticData({
        ...{ questions: ['How warm is it?'], trainingType: 'tool-calls', data: temporary() },
        simulate: 'latency=0ms',
      }),
    );
    expect([failure.code, failure.message]).toEqual([
      'bad_question',
      'Question 1: tools: expected tools that the assistant may call, for the training type tool-calls, came none.',
    ]);
  });

  it('and one with a tool that no call can be held against is refused before its research is paid', async () => {
    const tools = [
      { type: 'function', function: { name: 'weigh', parameters: { type: 'nonsense' } } },
    ] as const;
    const question = { question: 'How heavy is it?', trainingType: 'tool-calls', tools: [...tools] };
    const failure = await failureOf(() =>
      generateSyntheticData({ questions: [question], data: temporary(), simulate: 'latency=0ms' }),
    );
    expect(failure.code).toBe('bad_question');
    expect(failure.message).toContain('Question 1: tools: The parameters of the tool weigh cannot be used');
  });
});
