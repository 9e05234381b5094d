import type { ExportedExample } from '../../../src/infra/export/dataset-file.ts';
import type { Example } from '../../../src/stages/example.ts';
import { type Question, questionIdOf } from '../../../src/stages/question.ts';

const SYSTEM = 'You answer in one sentence.';
const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [
  {
    type: 'function' as const,
    function: { name: 'get_weather', description: 'The weather now.', parameters: city },
  },
];
const called = { name: 'get_weather', arguments: '{"city":"Oslo"}', result: '{"celsius":9}' };

const REMEMBERED = { summary: '', keyPoints: [], caveats: [] };
const PLACE = {
  ...{ id: 'E1', kind: 'document' as const, source: 'notes', title: 'Notes', path: 'notes.md' },
  ...{ start: 0, end: 24, contentHash: 'c', at: '' },
};
const QUOTE = 'Blue light is scattered.';
const LOOKED_UP: Example['research'] = {
  ...REMEMBERED,
  coverage: 'full',
  evidence: [{ ...PLACE, quote: QUOTE, passageHash: 'h', supports: [0] }],
  passages: [{ hash: 'h', text: QUOTE }],
};

const ASKED: readonly (readonly [trainingType: string, parts: Partial<Question>, candidate: unknown])[] = [
  ['sft', {}, { answer: 'Air scatters blue light more.' }],
  ['sft', { system: SYSTEM }, { answer: 'Because of scattering.' }],
  [
    'sft',
    {
      history: [
        { role: 'user', content: 'Hi.' },
        { role: 'assistant', content: 'Hello.' },
      ],
    },
    { answer: 'Because of scattering.' },
  ],
  ['reasoning', { system: SYSTEM }, { reasoning: 'Short waves scatter more.', answer: 'Scattering.' }],
  [
    'conversation',
    {},
    { answer: 'Scattering.', turns: [{ user: 'And at dusk?', assistant: 'Red is left.' }] },
  ],
  ['dpo', { system: SYSTEM }, { chosen: 'Scattering.', rejected: 'The sea.' }],
  ['tool-calls', { system: SYSTEM, tools }, { steps: [{ calls: [called] }], answer: 'Nine degrees.' }],
  [
    'sft',
    { context: 'Rayleigh, 1871.', passages: [{ id: 'p1', text: 'Blue light is scattered.' }] },
    { answer: 'So.' },
  ],
];

/** Approved examples of each training type, with system prompts, tools, earlier turns and sources; of one an answer was sent back. */
export async function* exported(): AsyncGenerator<ExportedExample> {
  for (const [index, [trainingType, parts, candidate]] of ASKED.entries()) {
    const text = `Why is the sky blue, asked as number ${index}?`;
    const question: Question = { text, context: '', topic: 'physics', subTopic: '', trainingType, ...parts };
    const example = exampleOf(question, candidate);
    yield { example, ...(index === 0 ? { sentBack: [{ answer: 'The sea.' }] } : {}) };
  }
}

function exampleOf(question: Question, candidate: unknown): Example {
  return {
    ...{ v: 2, lane: 'main', questionId: questionIdOf(question), revision: 0, simulated: false },
    ...{ question, candidate, provenance: [] },
    research: question.passages === undefined ? REMEMBERED : LOOKED_UP,
    review: { scores: {}, score: 8, verdict: 'approved', feedback: '' },
  };
}
